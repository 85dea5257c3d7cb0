import { runService } from '@relais/runtime/service-process'
import { InvalidSettings } from '@relais/runtime/settings'
import { createService, loadPortalConfig } from './service.ts'

await runService((adapters, variables) => {
  const config = loadPortalConfig(adapters.mode, variables)()
  if (config === undefined) throw new InvalidSettings('The portal alone needs PORTAL_CLIENT_ID')
  return createService(adapters, config)
}, process.env)
