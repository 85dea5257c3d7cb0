export { mayBeCalled } from '@relais/contracts/attachable'

export const MOST_ATTACHMENTS = 10
const LONGEST_NAME = 120

/** No path, nothing invisible, nothing that turns the text around: what the platform keeps under this name. */
const UNFIT = /["*/:<>?\\|\p{Cc}\p{Cf}\u2028\u2029]/u

export function canBeNamed(fileName: string): boolean {
  return fileName.length > 0 && fileName.length <= LONGEST_NAME && !UNFIT.test(fileName)
}
