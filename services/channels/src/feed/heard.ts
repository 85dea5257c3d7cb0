import type { ChannelEntry } from '@relais/contracts/channel-entries'

/** An entry, where it stands in the log, and the JSON text that every subscriber is sent. */
export type Heard = { position: number; entry: ChannelEntry; text: string }
