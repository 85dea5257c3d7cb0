import { Command, InvalidArgumentError } from 'commander'
import { action, many, ofWard, paged, patient } from './action.ts'
import { absenceCommands } from './commands/absence.ts'
import { acknowledge, type AcknowledgeOptions } from './commands/acknowledge.ts'
import { ehpadBoard, wardBoard } from './commands/board.ts'
import { addMember, removeMember } from './commands/circle.ts'
import { demoCommands } from './commands/demo.ts'
import { follow, type FollowOptions } from './commands/follow.ts'
import { forget, type ForgetOptions } from './commands/forget.ts'
import { importFile, importKinds, type ImportOptions } from './commands/import.ts'
import { inbox, type InboxOptions, type PageOptions } from './commands/inbox.ts'
import { runJobs } from './commands/operations.ts'
import { explain, pathway } from './commands/pathway.ts'
import { protocolCommands } from './commands/protocols.ts'
import * as quarantine from './commands/quarantine.ts'
import { referralCommands } from './commands/referrals.ts'
import { runCommands } from './commands/runs.ts'
import { report, type ReportOptions } from './commands/senders.ts'
import { send } from './commands/send.ts'
import { threadCommands } from './commands/threads.ts'
import { contextOf, type PatientOptions } from './context.ts'
import { output } from './output.ts'
import { findRunning } from './running.ts'

const seconds = (text: string) => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected a whole number of seconds')
  return value
}
const port = (text: string) => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 65_535) throw new InvalidArgumentError('expected a port')
  return value
}

/** The commands of `relais`. Each uses the platform's public interfaces only. */
export function program(signal: AbortSignal): Command {
  const relais = new Command('relais')
    .description('Hand-overs between hospital and community, from a terminal')
    .option('--folder <path>', 'data folder of a running start', process.env['RELAIS_FOLDER'] ?? '.relais')
    .option('--url <url>', 'the platform’s HTTP address, where it runs elsewhere')
    .option('--token <jwt>', 'who asks; also RELAIS_TOKEN')
    .option('--as <role>', 'demonstration: the role of who asks, such as infirmier or medecin')
    .option('--id <professional>', 'demonstration: an RPPS number or <issuer>:<id>')
    .option('--organisation <id>', 'demonstration: the facility or practice of who asks')
    .option('--json', 'one JSON line per result')
    .addHelpText('after', help)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
  sending(relais)
  following(relais, signal)
  receiving(relais)
  referralCommands(relais)
  runCommands(relais)
  threadCommands(relais)
  tending(relais)
  absenceCommands(relais)
  protocolCommands(relais)
  operating(relais)
  demoCommands(relais, signal)
  return relais
}

const help = `
Exit codes: 0 done, 1 refused, 2 misused, 3 nothing answers.
Options of relais itself may stand before or after the command.`

function sending(relais: Command): void {
  type SendOptions = { host?: string; port?: number; timeout: number; now?: true }
  relais
    .command('send <files...>')
    .description('send HL7 v2 messages over MLLP, one a file, and print what is answered')
    .option('--host <host>', 'where the listener is, when it is not the running start’s')
    .option('--port <port>', 'its port', port)
    .option('--timeout <seconds>', 'how long to wait for an answer', seconds, 10)
    .option('--now', 'demonstration: move the times in the messages, so that the last one is of this minute')
    .action(
      action<SendOptions>(async (options, files) => {
        const at =
          options.port === undefined ? findRunning(options.folder).mllp : { host: '127.0.0.1', port: options.port }
        const target = { ...at, ...(options.host === undefined ? {} : { host: options.host }) }
        const sending = { ...target, timeoutMilliseconds: options.timeout * 1000 }
        const moved = options.now ? { movedTo: new Date() } : {}
        await send(files, { ...sending, ...moved }, output(options.json ?? false))
      }),
    )
}

function following(relais: Command, signal: AbortSignal): void {
  type WithWard = { ward?: string[] }
  ofWard(patient(relais.command('follow')))
    .description('print what happens as it happens: in a ward, to a patient, to the patients of a circle, in an inbox')
    .option('--inbox <recipient>', 'what a professional, or finess:<number>, is told')
    .option('--ehpad <finess>', 'the residents of an EHPAD')
    .option('--after <cursor>', 'resume after this cursor (printed with --json)')
    .option('--once', 'stop when everything known is printed')
    .action(
      action<FollowOptions & { ward?: string[] | undefined }>(async ({ ward, ...options }) => {
        const named = [options.patient, options.ipp, options.inbox, options.ehpad].some((each) => each !== undefined)
        const channel = named ? {} : ward ? { ward: ward[0] } : { circle: options.id }
        await follow(contextOf({ ...options, wards: ward }), { ...options, ward: undefined, ...channel }, signal)
      }),
    )
  ofWard(patient(relais.command('pathway')))
    .description('print the pathway of a patient')
    .action(
      action<PatientOptions & WithWard>(({ ward, ...options }) =>
        pathway(contextOf({ ...options, wards: ward }), options),
      ),
    )
  ofWard(patient(relais.command('explain <entryId>')))
    .description('print why an entry of a pathway is there, and who was told of it')
    .action(
      action<PatientOptions & WithWard>(({ ward, ...options }, [entryId = '']) =>
        explain(contextOf({ ...options, wards: ward }), entryId, options),
      ),
    )
  ofWard(relais.command('token'))
    .description('print a token for a person of the demonstration')
    .option('--expires <seconds>', 'how long it is valid', seconds)
    .action(
      action<WithWard & { expires?: number }>(async ({ ward, expires, ...options }) => {
        const { issueToken, out } = contextOf({ ...options, wards: ward, expiresInSeconds: expires })
        const issued = await issueToken()
        out.result(issued, issued.token)
      }),
    )
}

function receiving(relais: Command): void {
  type WithWard = { ward?: string[] }
  paged(relais.command('inbox'))
    .description('print what somebody, or the EHPAD where he or she works, was told, what is due first')
    .option('--done', 'what was acted upon instead of what is open')
    .action(action<InboxOptions>((options) => inbox(contextOf(options), options)))
  const board = relais.command('board').description('who is where')
  ofWard(paged(board.command('ward <code>')))
    .description('the patients of a ward, and what became of what others were told of them')
    .action(
      action<PageOptions & WithWard>(({ ward, ...options }, [code = '']) =>
        wardBoard(contextOf({ ...options, wards: ward ?? [code] }), code, options),
      ),
    )
  paged(board.command('ehpad <finess>'))
    .description('where the residents of an EHPAD are')
    .action(
      action<PageOptions>((options, [finess = '']) =>
        ehpadBoard(contextOf({ ...options, organisation: options.organisation ?? finess }), finess, options),
      ),
    )
  relais
    .command('acknowledge <notice>')
    .description('say that a notice was acted upon')
    .option('--read', 'it was read, nothing more')
    .option('--action <action>', 'acknowledged, accepted or handled', 'acknowledged')
    .option('--not-my-patient', 'the recipient is the wrong one: access ends at once, and the sender is told')
    .action(action<AcknowledgeOptions>((options, [notice = '']) => acknowledge(contextOf(options), notice, options)))
}

function tending(relais: Command): void {
  type MemberOptions = PatientOptions & { member: string; role: string; ground?: string }
  const circle = relais.command('circle').description('who takes part in the care of a patient')
  const member = (command: Command) =>
    patient(command)
      .requiredOption('--member <professional>', 'an RPPS number, or <issuer>:<id>')
      .requiredOption('--role <role>', 'such as medecin-traitant, infirmier, pharmacien')
  member(circle.command('add'))
    .description('declare a member')
    .option('--ground <ground>', 'legal ground: exchange, recognisedTeam, consent…')
    .action(action<MemberOptions>((options) => addMember(contextOf(options), options)))
  member(circle.command('remove'))
    .description('end a membership')
    .action(action<MemberOptions>((options) => removeMember(contextOf(options), options)))

  const held = relais
    .command('quarantine')
    .description(
      'messages that wait for a repair, or for what they refer to; an id may be cut short, next is the oldest',
    )
  held
    .command('list')
    .description('what waits, oldest first')
    .option('--status <status>', 'waiting, awaitingMovement, repaired or resolved')
    .action(action<{ status?: string }>((options) => quarantine.list(contextOf(options), options)))
  held
    .command('show <message>')
    .description('one message, values masked')
    .action(action((options, [id = '']) => quarantine.show(contextOf(options), id)))
  held
    .command('repair <message>')
    .description('change fields; the original bytes stay')
    .option('--remove-field <field>', 'take a field out, the following ones move left; repeatable', many)
    .option('--insert-field <field=value>', 'put a field in, the following ones move right; repeatable', many)
    .option('--set <field=value>', 'give a field a value; repeatable', many)
    .action(
      action<{ set?: string[]; removeField?: string[]; insertField?: string[] }>((options, [id = '']) =>
        quarantine.repair(contextOf(options), id, {
          set: options.set,
          remove: options.removeField,
          insert: options.insertField,
        }),
      ),
    )
  held
    .command('replay <message>')
    .description('process it again, as repaired')
    .action(action((options, [id = '']) => quarantine.replay(contextOf(options), id)))
  relais
    .command('senders')
    .description('who sends messages')
    .command('report <sender>')
    .description('what a sender sent on a day, what became of it, and what is missing')
    .option('--day <yyyy-mm-dd>', 'a day of UTC; today unless given')
    .action(action<ReportOptions>((options, [id = '']) => report(contextOf(options), id, options)))
}

function operating(relais: Command): void {
  patient(relais.command('forget'))
    .description('erase a person for ever; legal retention is for whoever decides it to look at')
    .requiredOption('--motive <motive>', 'why, in words that name nobody')
    .option('--for-ever', 'it is meant')
    .action(action<ForgetOptions>((options) => forget(contextOf(options), options)))
  relais
    .command('import <kind> <file>')
    .description(
      `import a file: ${importKinds.join(', ')}; a national extract goes on where an earlier run was cut short`,
    )
    .option('--again', 'a national extract from its first byte, also when it was imported before')
    .action(action<ImportOptions>((options, args) => importFile(contextOf(options), args, options)))
  relais
    .command('rebuild [projection]')
    .description('rebuild views from the log, beside the ones that serve')
    .action(action((options, [name]) => runJobs(contextOf(options), 'rebuild', name)))
  relais
    .command('verify [projection]')
    .description('compare views with what the log says')
    .action(action((options, [name]) => runJobs(contextOf(options), 'verify', name)))
}
