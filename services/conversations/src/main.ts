import { loadAttachmentsConfig } from '@relais/attachments/settings'
import { runService } from '@relais/runtime/service-process'
import { createService } from './service.ts'

await runService((adapters, variables) => createService(adapters, loadAttachmentsConfig(variables)), process.env)
