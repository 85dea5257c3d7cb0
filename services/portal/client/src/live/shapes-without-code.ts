import { config } from 'zod'

// The policy of the page lets nothing make code out of text, which is how shapes are checked faster elsewhere. MUST be
// said before the first shape is made, hence by a module of its own.
config({ jitless: true })
