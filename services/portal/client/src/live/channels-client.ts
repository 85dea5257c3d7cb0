import { connectChannels } from '@relais/channels/client'
import { config } from 'zod'

// The policy of the page lets nothing make code out of text, which is how shapes are checked faster elsewhere.
config({ jitless: true })

export { connectChannels }
