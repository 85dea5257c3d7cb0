/**
 * The messages of `src/proto` as the loader hands them over and takes them: 64-bit numbers arrive as decimal strings,
 * absent messages as `null`, and of each `oneof` only the member that was sent.
 */
export type Empty = Record<string, never>

export type Uuid = {
  structured?: { mostSignificantBits: string; leastSignificantBits: string } | null
  string?: string
}
export type StreamIdentifier = { streamName: Uint8Array }
export type WirePosition = { commitPosition: string | number; preparePosition: string | number }

export type FilterExpression = { regex: string; prefix: string[] }
export type FilterOptions = {
  streamIdentifier?: FilterExpression | null
  eventType?: FilterExpression | null
  max?: number
  checkpointIntervalMultiplier: number
}
export type ReadOptions = {
  stream?: {
    streamIdentifier: StreamIdentifier | null
    revision?: string
    start?: Empty | null
    end?: Empty | null
  } | null
  all?: { position?: WirePosition | null; start?: Empty | null; end?: Empty | null } | null
  readDirection: number
  count?: string
  subscription?: Empty | null
  filter?: FilterOptions | null
  uuidOption: { structured?: Empty | null } | null
}
export type ReadRequest = { options: ReadOptions | null }

export type WireRecord = {
  id: Uuid
  streamIdentifier: StreamIdentifier
  streamRevision: number
  preparePosition: number
  commitPosition: number
  metadata: Record<string, string>
  customMetadata: Uint8Array
  data: Uint8Array
}
export type ReadResponse =
  | { event: { event: WireRecord; commitPosition: number } }
  | { confirmation: { subscriptionId: string } }
  | { checkpoint: WirePosition }
  | { streamNotFound: { streamIdentifier: StreamIdentifier } }
  | { caughtUp: Empty }

export type ProposedMessage = {
  id: Uuid | null
  metadata: Record<string, string>
  customMetadata: Uint8Array
  data: Uint8Array
}
/** The revision is called `revision` in a single append and `streamPosition` in a batch. */
export type AppendTarget = {
  streamIdentifier: StreamIdentifier | null
  revision?: string
  streamPosition?: string
  noStream?: Empty | null
  any?: Empty | null
  streamExists?: Empty | null
}
export type AppendRequest = { options?: AppendTarget | null; proposedMessage?: ProposedMessage | null }

type CurrentRevision = { currentRevision: number } | { currentNoStream: Empty }
type ExpectedRevision = { expectedRevision: string } | { expectedNoStream: Empty }
export type Appended = ({ currentRevision: number } | { noStream: Empty }) &
  ({ position: WirePosition } | { noPosition: Empty })
export type AppendResponse = { success: Appended } | { wrongExpectedVersion: CurrentRevision & ExpectedRevision }

export type BatchAppendOptions = AppendTarget & {
  deadlineAt?: { seconds: string; nanos: number } | null
  deadlineIn?: { seconds: string; nanos: number } | null
}
export type BatchAppendRequest = {
  correlationId: Uuid | null
  options: BatchAppendOptions | null
  proposedMessages: ProposedMessage[]
  isFinal: boolean
}
/** Packed by the loader into the `Any` that a status carries. */
export type PackedDetails = { '@type': string } & Record<string, unknown>
export type BatchAppendResponse = {
  correlationId: Uuid
  streamIdentifier: StreamIdentifier
  streamPosition?: string
  noStream?: Empty
} & ({ error: { code: number; message: string; details: PackedDetails } } | { success: Appended })
