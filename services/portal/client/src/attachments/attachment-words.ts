import { catalogue } from '../messages/language.tsx'

export const attachmentWords = catalogue({
  fr: {
    attachShort: 'Joindre',
    attach: 'Joindre un fichier',
    help: 'PDF, image, texte, Word ou Writer ; dix fichiers au plus.',
    attached: 'Pièces jointes',
    uploading: (name: string, percent: number) => `${name} : ${percent} %`,
    uploadFailed: (name: string, why: string) => `${name} : ${why}`,
    uploadUnreachable: 'pas de réponse : réessayez',
    misleading: 'le nom ne finit pas comme un fichier de ce type',
    badName: 'ce nom de fichier n’est pas accepté : renommez-le',
    tooMany: 'dix pièces jointes au plus',
    unsent: 'Un fichier n’est pas parti : réessayez, ou retirez-le.',
    retry: 'Réessayer',
    leaveOut: (name: string) => `Retirer ${name}`,
    download: (name: string, size: string) => `${name} (${size})`,
    size: (bytes: number) =>
      bytes < 1024
        ? `${bytes} o`
        : bytes < 1024 ** 2
          ? `${Math.round(bytes / 1024)} Ko`
          : `${(bytes / 1024 ** 2).toFixed(1).replace('.', ',')} Mo`,
    kinds: { pdf: 'PDF', image: 'image', text: 'texte', word: 'document texte', cda: 'document CDA', other: 'fichier' },
  },
  en: {
    attachShort: 'Attach',
    attach: 'Attach a file',
    help: 'PDF, image, text, Word or Writer; ten files at most.',
    attached: 'Attachments',
    uploading: (name: string, percent: number) => `${name}: ${percent}%`,
    uploadFailed: (name: string, why: string) => `${name}: ${why}`,
    uploadUnreachable: 'no answer: try again',
    misleading: 'the name does not end as a file of this type',
    badName: 'this file name is not accepted: rename it',
    tooMany: 'ten attachments at most',
    unsent: 'A file has not gone: try again, or leave it out.',
    retry: 'Try again',
    leaveOut: (name: string) => `Leave out ${name}`,
    download: (name: string, size: string) => `${name} (${size})`,
    size: (bytes: number) =>
      bytes < 1024
        ? `${bytes} B`
        : bytes < 1024 ** 2
          ? `${Math.round(bytes / 1024)} KB`
          : `${(bytes / 1024 ** 2).toFixed(1)} MB`,
    kinds: { pdf: 'PDF', image: 'image', text: 'text', word: 'text document', cda: 'CDA document', other: 'file' },
  },
})
