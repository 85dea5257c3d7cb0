import { readSettings, refuseUnsafe, SharedEnvironment } from '@relais/runtime/settings'
import { runService } from '@relais/runtime/service-process'
import { loadStaysConfig } from './config.ts'
import { listenForMessages } from './intake/listener.ts'
import { createService } from './service.ts'

await runService(async (adapters, variables) => {
  const config = loadStaysConfig(adapters.mode, variables)
  refuseUnsafe(adapters.mode, readSettings(SharedEnvironment, variables), [config.mllp.host])
  const service = await createService(adapters, config)
  const mllp = await listenForMessages(service, config.mllp, adapters.log).catch(async (error: unknown) => {
    await service.stop()
    throw error
  })
  process.stdout.write(`mllp://${config.mllp.host}:${mllp.port}\n`)
  return { ...service, closeDoors: (graceMilliseconds) => mllp.close(graceMilliseconds) }
}, process.env)
