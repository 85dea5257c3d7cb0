import { runService } from '@relais/runtime/service-process'
import { createService } from './service.ts'

await runService(createService, process.env)
