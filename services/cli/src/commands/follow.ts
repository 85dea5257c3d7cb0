import { backoffMilliseconds } from '@relais/channels/backoff'
import { connectChannels } from '@relais/channels/client'
import type { ChannelName, EndedReason } from '@relais/contracts/channels'
import { ChannelName as ChannelNameSchema } from '@relais/contracts/channels'
import { setTimeout as wait } from 'node:timers/promises'
import { type Context, findPatient, type PatientOptions } from '../context.ts'
import { CommandFailed, ExitCode, misused, refused, unreachable } from '../failures.ts'
import { channelLine } from '../notice-lines.ts'
import { professionalId } from '../person.ts'

export type FollowOptions = PatientOptions & {
  ward?: string | undefined
  circle?: string | undefined
  /** Whose: the actor's own, or that of `finess:<number>`. */
  inbox?: string | undefined
  ehpad?: string | undefined
  after?: string | undefined
  /** Ends once everything known is printed. */
  once?: boolean | undefined
}

/**
 * Prints the entries of a channel as they come, until interrupted. Reconnects and resumes by itself, also where a start
 * came back at another address; asks less and less often while there is no access.
 */
export async function follow(context: Context, options: FollowOptions, signal: AbortSignal): Promise<void> {
  const { once } = options
  // Fails where nothing runs at first; later on, that is a restart.
  const url = channelsUrl(context)
  let { after } = options
  let told = false
  let refusals = 0
  while (!signal.aborted) {
    const channel = await channelOf(context, options).catch((error: unknown) => {
      if (told && isUnreachable(error)) return undefined
      throw error
    })
    const followed =
      channel === undefined ? forbidden : await followUntilEnded(context, { url, channel, after, once }, signal)
    const { ended } = followed
    if (ended === undefined) return
    after = followed.cursor ?? after
    if (ended === 'cursorUnknown')
      throw refused('This cursor belongs to another channel or another log: leave --after out')
    if (once) throw refused(`Not yours to follow (${ended})`)
    if (!told || ended !== 'forbidden')
      context.out.notice(`${ended === 'forbidden' ? 'no access yet' : 'access ended'}; waiting, Ctrl-C stops`)
    told = true
    refusals = ended === 'forbidden' ? refusals + 1 : 0
    await wait(backoffMilliseconds(refusals, Math.random), undefined, { signal }).catch(() => undefined)
  }
}

const channelsUrl = ({ url }: Context) => `${url().replace(/^http/, 'ws')}/channels`

const isUnreachable = (error: unknown) => error instanceof CommandFailed && error.exitCode === ExitCode.unreachable

async function channelOf(context: Context, options: FollowOptions): Promise<ChannelName | undefined> {
  if (options.ward !== undefined) return channelNamed(`ward/${options.ward}`)
  if (options.inbox !== undefined) return channelNamed(`inbox/${professionalId(options.inbox)}`)
  if (options.ehpad !== undefined) return channelNamed(`ehpad/${options.ehpad}`)
  if (options.circle !== undefined) return channelNamed(`circle/${professionalId(options.circle)}`)
  if (options.patient === undefined && options.ipp === undefined)
    throw misused(
      'Say what to follow: --ward <code>, --ipp <authority>:<number>, --patient <id>, --inbox <recipient>, --ehpad <finess>, or --id <professional>',
    )
  const patientId = await findPatient(context, options)
  return patientId === undefined ? undefined : channelNamed(`patient/${patientId}`)
}

function channelNamed(name: string): ChannelName {
  const parsed = ChannelNameSchema.safeParse(name)
  if (!parsed.success) throw misused(`${name} is no channel`)
  return parsed.data
}

type Following = { url: string; channel: ChannelName; after?: string | undefined; once?: boolean | undefined }

/** Why the gateway ended it, `undefined` when it was stopped here; and from where to go on. */
type Followed = { ended: EndedReason | undefined; cursor: string | undefined }

const forbidden: Followed = { ended: 'forbidden', cursor: undefined }

function followUntilEnded(
  context: Context,
  { url, channel, after, once }: Following,
  signal: AbortSignal,
): Promise<Followed> {
  const { out } = context
  return new Promise((resolve, reject) => {
    const finish = (ended: EndedReason | undefined) => {
      signal.removeEventListener('abort', stop)
      resolve({ ended, cursor: subscription.cursor })
      client.close()
    }
    const stop = () => finish(undefined)
    const client = connectChannels({
      url,
      token: async () => (await context.issueToken()).token,
      // A start that came back may listen elsewhere.
      webSocket: class extends WebSocket {
        constructor(_: string, protocol: string) {
          super(channelsUrl(context), protocol)
        }
      },
      onState: (state, code) => {
        if (state === 'reconnecting') out.notice('connection lost, reconnecting')
        // Closed from here, it is settled already.
        if (state === 'closed') reject(unreachable(`The gateway closed with ${code}`))
      },
    })
    const subscription = client.subscribe(channel, {
      after,
      onEntry: ({ entry, cursor, state }) => {
        out.result({ channel, cursor, entry, state }, channelLine(entry))
        if (!out.json) for (const earlier of state ?? []) out.result({}, `  already known: ${channelLine(earlier)}`)
      },
      onCaughtUp: () => {
        if (once) stop()
        else out.notice(`following ${channel}`)
      },
      onEnded: finish,
    })
    signal.addEventListener('abort', stop, { once: true })
  })
}
