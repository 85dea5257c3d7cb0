import './shapes-without-code.ts'
import { connectChannels } from '@relais/channels/client'

export { connectChannels }
