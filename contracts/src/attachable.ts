/** Of what is attached, the types that are told from others by more than their first bytes. */
export const TEXT = 'text/plain; charset=utf-8'
export const CLINICAL_DOCUMENT = 'application/hl7-cda+xml'

/** What may be attached, and what its name may end in. */
const endings: ReadonlyMap<string, readonly string[]> = new Map([
  ['application/pdf', ['pdf']],
  ['image/jpeg', ['jpg', 'jpeg']],
  ['image/png', ['png']],
  ['image/heic', ['heic', 'heif']],
  ['image/tiff', ['tif', 'tiff']],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', ['docx']],
  ['application/vnd.oasis.opendocument.text', ['odt']],
  [CLINICAL_DOCUMENT, ['xml', 'cda']],
  [TEXT, ['txt']],
])

/** Whether a file of this type may be attached at all. */
export function isAttachable(mediaType: string): boolean {
  return endings.has(mediaType)
}

/** Whether a file of this type may be called so: whoever saves it opens it by its ending. */
export function mayBeCalled(fileName: string, mediaType: string): boolean {
  const ending = fileName.toLowerCase().split('.').at(-1) ?? ''
  return endings.get(mediaType)?.includes(ending) === true
}
