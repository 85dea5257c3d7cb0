import { runService } from '@relais/runtime/service-process'
import { loadChannelsConfig } from './config.ts'
import { createService } from './service.ts'

await runService((adapters, variables) => createService(adapters, loadChannelsConfig(variables)), process.env)
