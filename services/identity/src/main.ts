import { healthRoutes } from '@relais/http/health'
import { serve } from '@relais/http/serve'
import { InvalidSettings } from '@relais/runtime/settings'
import { logger } from '@relais/telemetry/logger'
import closeWithGrace from 'close-with-grace'
import { loadConfig } from './config.ts'
import { createService, loadOrCreateSigningKeys } from './service.ts'

const GRACE_MILLISECONDS = 2500

try {
  const { http, keysFolder, logLevel, ...settings } = loadConfig(process.env)
  const now = () => new Date().toISOString()
  const keys = await loadOrCreateSigningKeys(keysFolder)
  const { app } = createService({ ...settings, keys, now, log: logger({ level: logLevel }) })
  const server = await serve(app.route('/', healthRoutes({ checks: () => [] })), http)
  process.stdout.write(`http${http.tls ? 's' : ''}://localhost:${server.port}\n`)
  closeWithGrace({ delay: GRACE_MILLISECONDS * 2 }, () => server.close(GRACE_MILLISECONDS))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'The issuer could not start'}\n`)
  process.exitCode = error instanceof InvalidSettings ? 2 : 1
}
