import type { Language, Page } from '@relais/http/html-page'
import { html } from 'hono/html'

const words = {
  fr: {
    expired: {
      title: 'Cette connexion a expiré',
      text: 'Elle a été ouverte il y a trop longtemps, dans une autre fenêtre, ou elle est déjà terminée. Rien n’est perdu : recommencez.',
    },
    cancelled: {
      title: 'Vous n’êtes pas connecté',
      text: 'La connexion a été interrompue avant la fin. Vous pouvez recommencer quand vous voulez.',
    },
    refused: {
      title: 'La connexion n’a pas abouti',
      text: 'Le service d’identité a refusé cette connexion. Recommencez ; si cela se répète, dites à votre service informatique l’heure qu’il est.',
    },
    unknown: {
      title: 'Votre compte n’ouvre pas Relais',
      text: 'Vous êtes bien identifié, mais votre compte ne dit ni votre rôle ni votre établissement. Demandez à votre service informatique de le compléter.',
    },
    unavailable: {
      title: 'Le service d’identité ne répond pas',
      text: 'Vos données ne sont pas en cause. Réessayez dans un instant.',
    },
    busy: {
      title: 'Trop de connexions à la fois',
      text: 'Beaucoup de personnes se connectent en ce moment depuis votre établissement. Rien n’est perdu : réessayez dans une minute.',
    },
    preparing: {
      title: 'Relais se prépare',
      text: 'L’application est construite une première fois sur cette machine : une minute au plus. Cette page se recharge toute seule.',
    },
    missing: {
      title: 'L’application n’est pas installée',
      text: 'Ce serveur n’a pas les fichiers de l’application. Son exploitant en sait plus dans son journal.',
    },
    again: 'Recommencer',
    retry: 'Réessayer',
  },
  en: {
    expired: {
      title: 'This sign-in has expired',
      text: 'It was opened too long ago, in another window, or it is over already. Nothing is lost: start again.',
    },
    cancelled: {
      title: 'You are not signed in',
      text: 'Signing in was interrupted before its end. You may start again whenever you like.',
    },
    refused: {
      title: 'Signing in did not work',
      text: 'The identity service refused this sign-in. Start again; if it happens again, tell your IT department what time it is now.',
    },
    unknown: {
      title: 'Your account does not open Relais',
      text: 'You are identified, but your account says neither your role nor your establishment. Ask your IT department to complete it.',
    },
    unavailable: {
      title: 'The identity service does not answer',
      text: 'Your data are not concerned. Try again in a moment.',
    },
    busy: {
      title: 'Too many people are signing in at once',
      text: 'Many people are signing in from where you are. Nothing is lost: try again in a minute.',
    },
    preparing: {
      title: 'Relais is getting ready',
      text: 'The application is being built on this machine for the first time: a minute at most. This page reloads by itself.',
    },
    missing: {
      title: 'The application is not installed',
      text: 'This server does not have the files of the application. Its operator finds more in its log.',
    },
    again: 'Start again',
    retry: 'Try again',
  },
} as const satisfies Record<Language, object>

export type SignInFailure = 'expired' | 'cancelled' | 'refused' | 'unknown' | 'unavailable' | 'busy'

const statuses = { expired: 400, cancelled: 403, refused: 403, unknown: 403, unavailable: 503, busy: 429 } as const

/** What became of a sign-in, and what to do. `returnTo` was checked before. */
export function signInFailurePage(language: Language, failure: SignInFailure, returnTo: string): Page {
  const { title, text } = words[language][failure]
  const isPassing = failure === 'unavailable' || failure === 'busy'
  const again = isPassing ? words[language].retry : words[language].again
  const asked = new URLSearchParams({ return: returnTo, ...(isPassing ? {} : { change: '1' }) })
  const address = `/app/sign-in?${asked.toString()}`
  const body = html`<h1>${title}</h1>
    <p>${text}</p>
    <p><a class="button main" href="${address}">${again}</a></p>`
  return { language, title, body, status: statuses[failure] }
}

const REFRESH_SECONDS = 2

/** In place of the application. */
export function absentClientPage(language: Language, state: 'preparing' | 'missing'): Page {
  const { title, text } = words[language][state]
  const body = html`<h1>${title}</h1>
    <p role="status">${text}</p>`
  return { language, title, body, status: 503, ...(state === 'preparing' ? { refreshSeconds: REFRESH_SECONDS } : {}) }
}
