import { CLINICAL_DOCUMENT, TEXT } from '@relais/contracts/attachable'

export type FileKind = 'pdf' | 'image' | 'text' | 'word' | 'cda' | 'other'

/** What a person calls a file of this type, which the platform read in its bytes. */
export function fileKind(mediaType: string): FileKind {
  if (mediaType === 'application/pdf') return 'pdf'
  if (mediaType.startsWith('image/')) return 'image'
  if (mediaType === TEXT) return 'text'
  if (mediaType === CLINICAL_DOCUMENT) return 'cda'
  return /opendocument\.text|wordprocessingml/.test(mediaType) ? 'word' : 'other'
}
