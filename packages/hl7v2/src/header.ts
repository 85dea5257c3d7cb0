import { type Charset, decodeText, latin1Text } from './charset.ts'
import { controlCharacters, type Delimiters, readDelimiters, standardDelimiters } from './er7.ts'

/**
 * What MSH says, as written (ER7, escapes included, control characters left out) and as far as it could be read; empty
 * where it says nothing.
 */
export type MessageHeader = {
  sendingApplication: string
  sendingFacility: string
  receivingApplication: string
  receivingFacility: string
  /** MSH-7. */
  sentAt: string
  /** MSH-9 as written, such as `ADT^A03^ADT_A03`, and its components. */
  trigger: string
  messageType: string
  event: string
  structure: string
  controlId: string
  /** MSH-11.1: P production, T training, D debugging. */
  processingId: string
  /** MSH-12 as written. */
  version: string
  /** MSH-18, first repetition: the declared name, and the character set this header was read in. */
  charset: string
  readIn: Charset
  delimiters: Delimiters
}

/**
 * Reads the header of a message however broken the rest is, so that it can be answered. Never throws: without an MSH
 * every field is empty; where the character set is unreadable each byte is read as one character of 8859/1, and an
 * answer written the same way gives the sender its own bytes back.
 */
export function readHeader(bytes: Uint8Array): MessageHeader {
  const line =
    /(?:^|[\r\n\v]|\u00EF\u00BB\u00BF)[ \t]*(?<header>MSH[^\r\n]*)/.exec(latin1Text(bytes))?.groups?.['header'] ?? ''
  const delimiters = readDelimiters(line) ?? { ...standardDelimiters, field: line[3] ?? standardDelimiters.field }
  const declared = line.split(delimiters.field)[17]?.split(delimiters.repetition)[0] ?? ''
  const decoded = decodeText(Buffer.from(line, 'latin1'), declared)
  const fields = (decoded?.text ?? line).replaceAll(controlCharacters, '').split(delimiters.field)
  const at = (field: number) => fields[field - 1] ?? ''
  const [messageType = '', event = '', structure = ''] = at(9).split(delimiters.component)
  return {
    sendingApplication: at(3),
    sendingFacility: at(4),
    receivingApplication: at(5),
    receivingFacility: at(6),
    sentAt: at(7),
    trigger: at(9),
    messageType,
    event,
    structure,
    controlId: at(10),
    processingId: at(11).split(delimiters.component)[0] ?? '',
    version: at(12),
    charset: declared,
    readIn: decoded?.charset ?? '8859/1',
    delimiters,
  }
}
