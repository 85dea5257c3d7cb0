import { catalogue } from '../messages/language.tsx'

export const actWords = catalogue({
  fr: {
    undo: 'Annuler',
    willBeSent: 'en attente d’envoi, partira dès le retour du réseau',
    waiting: (count: number) => (count === 1 ? '1 action en attente d’envoi' : `${count} actions en attente d’envoi`),
    refused: (count: number) => (count === 1 ? '1 action refusée' : `${count} actions refusées`),
    drop: 'Abandonner',
    retry: 'Réessayer maintenant',
    sending: 'Envoi…',
    pending: 'En attente d’envoi',
  },
  en: {
    undo: 'Undo',
    willBeSent: 'waiting to be sent, will leave as soon as the network is back',
    waiting: (count: number) => (count === 1 ? '1 action waiting to be sent' : `${count} actions waiting to be sent`),
    refused: (count: number) => (count === 1 ? '1 action refused' : `${count} actions refused`),
    drop: 'Give up',
    retry: 'Try again now',
    sending: 'Sending…',
    pending: 'Waiting to be sent',
  },
})
