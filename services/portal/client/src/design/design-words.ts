import { catalogue } from '../messages/language.tsx'

export const designWords = catalogue({
  fr: {
    announcements: 'Ce qui vient de se passer',
    close: 'Fermer',
    loading: 'Chargement…',
    failed: 'La page n’a pas pu être chargée.',
    offline: 'Pas de réponse de la plateforme. Ce que vous avez saisi est gardé.',
    retry: 'Réessayer',
    refused: 'Vous n’avez pas accès à cette page.',
    notFound: 'Cette page n’existe pas, ou n’est plus à vous.',
    home: 'Retour à l’accueil',
    more: 'Afficher la suite',
    copied: 'Copié',
    copyFailed: 'La copie a échoué : sélectionnez le texte',
  },
  en: {
    announcements: 'What just happened',
    close: 'Close',
    loading: 'Loading…',
    failed: 'The page could not be loaded.',
    offline: 'The platform does not answer. What you typed is kept.',
    retry: 'Try again',
    refused: 'This page is not for you to see.',
    notFound: 'This page does not exist, or is no longer yours.',
    home: 'Back to the first page',
    more: 'Show more',
    copied: 'Copied',
    copyFailed: 'Copying failed: select the text',
  },
})
