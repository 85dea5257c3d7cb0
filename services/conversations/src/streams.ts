import { derivedUuid } from '@relais/events/derived-uuid'

/** The id of the stream of how far a person has read in a thread. */
export const markStream = (threadId: string, person: string) => derivedUuid('read mark', threadId, person)

/** The id of the stream of what a person prefers. */
export const preferenceStream = (person: string) => derivedUuid('thread preference', person)
