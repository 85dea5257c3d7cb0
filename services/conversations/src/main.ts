import { runService } from '@relais/runtime/service-process'
import { createService, loadConversationsConfig } from './service.ts'

await runService((adapters, variables) => createService(adapters, loadConversationsConfig(variables)), process.env)
