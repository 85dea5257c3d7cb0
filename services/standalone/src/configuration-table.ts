import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AttachmentsEnvironment } from '@relais/attachments/settings'
import { ChannelsEnvironment } from '@relais/channels-service/service'
import { IdentityEnvironment } from '@relais/identity-service/service'
import { PortalEnvironment } from '@relais/portal-service/service'
import { SharedEnvironment } from '@relais/runtime/settings'
import { StaysEnvironment } from '@relais/stays-service/service'
import { z } from 'zod'
import { FolderEnvironment } from './config.ts'

const DOCUMENT = fileURLToPath(new URL('../../../docs/configuration.md', import.meta.url))

const sections: readonly { title: string; text: string; environment: z.ZodObject }[] = [
  {
    title: 'Every service, and `start`',
    text: `A demonstration needs none of these. Production asks for the issuer, the keys and the certificate, and says which are
missing; towards another machine it refuses \`tls=false\` and asks for \`sslmode=verify-full\`. A service that runs alone
always asks for \`EVENTSTORE_URL\`, \`DATABASE_URL\`, \`SITE_KEY\`, \`MASTER_KEY\`, \`OIDC_ISSUER\` and \`OIDC_JWKS_URL\`; without
\`RELAIS_MODE\` it is in production. \`SITE_KEY_FILE\` and \`MASTER_KEY_FILE\` name files that hold the keys.`,
    environment: SharedEnvironment,
  },
  {
    title: '`start`',
    text: 'Every service in one process (`services/standalone`). With `--serve-log` it also serves its log.',
    environment: FolderEnvironment,
  },
  {
    title: 'Messages of hospitals',
    text: 'For `start` and `services/stays`, whose README says what a sender is.',
    environment: StaysEnvironment,
  },
  {
    title: 'Attachments',
    text: 'For `start`, `services/conversations` and `services/referrals`.',
    environment: AttachmentsEnvironment,
  },
  { title: 'Channels', text: 'For `start` and `services/channels`.', environment: ChannelsEnvironment },
  {
    title: 'The portal',
    text: `For \`start\` and \`services/portal\`. A demonstration needs none of these: its issuer is built in. With another one,
\`PORTAL_CLIENT_ID\` and \`PORTAL_URL\` go together, and the client is allowed to come back to \`<PORTAL_URL>/app/signed-in\`,
and after signing out to \`<PORTAL_URL>/app/\`. \`PORTAL_CLIENT_SECRET_FILE\` names a file that holds the secret.`,
    environment: PortalEnvironment,
  },
  {
    title: 'The built-in issuer, alone',
    text: 'For `services/identity`, in demonstrations and tests. `start` brings its own and needs none of these.',
    environment: IdentityEnvironment,
  },
]

const introduction = `# Configuration

Relais is configured by environment variables. A setting that is missing or wrong ends the process with exit code 2 and a
message that names it, and never says its value. An empty variable is one that is not set.`

const ending = `The \`relais\` command reads \`RELAIS_FOLDER\` and \`RELAIS_TOKEN\`; its \`--help\` says what for.`

/** The document, as the schemas now say. */
export function configurationDocument(): string {
  const parts = sections.map(({ title, text, environment }) => `## ${title}\n\n${text}\n\n${tableOf(environment)}`)
  return `${[introduction, ...parts, ending].join('\n\n')}\n`
}

const Settings = z.object({
  required: z.array(z.string()).default([]),
  properties: z.record(
    z.string(),
    z.object({ description: z.string(), default: z.union([z.string(), z.number(), z.boolean()]).optional() }),
  ),
})

function tableOf(environment: z.ZodObject): string {
  const { required, properties } = Settings.parse(z.toJSONSchema(environment, { io: 'input' }))
  const rows = Object.entries(properties).map(([name, setting]) => {
    const preset = setting.default === undefined ? '' : `\`${setting.default}\``
    return [`\`${name}\``, required.includes(name) ? 'required' : preset, setting.description]
  })
  return aligned([['variable', 'default', 'meaning'], ...rows])
}

/** Columns as wide as their widest cell, as the formatter writes them. */
function aligned(rows: readonly (readonly string[])[]): string {
  const [header = []] = rows
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [first, ...rest] = rows.map(line)
  return [first, line(widths.map((width) => '-'.repeat(width))), ...rest].join('\n')
}

/** What the document in the repository says. */
export function writtenConfiguration(): string {
  return readFileSync(DOCUMENT, 'utf8')
}

if (process.argv.includes('--write')) writeFileSync(DOCUMENT, configurationDocument())
