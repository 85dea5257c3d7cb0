import type { Language, Page } from '@relais/http/html-page'
import { html, raw } from 'hono/html'
import { grouped, type Person } from '../people.ts'

/** Words of the pages, in both languages. Somebody's own words never enter them unescaped: `html` sees to it. */
const words = {
  fr: {
    title: 'Se connecter à Relais',
    question: 'Qui êtes-vous aujourd’hui ?',
    notice:
      'Ceci est une démonstration, sur cette machine seulement : tout le monde y est inventé, et personne n’a de mot de passe.',
    search: 'Chercher une personne, un métier ou un lieu',
    doSearch: 'Chercher',
    everybody: 'Tout le monde',
    nobody: 'Personne ne correspond.',
    cancel: 'Renoncer',
    expiredTitle: 'Cette page a expiré',
    expired: 'La connexion a été ouverte il y a trop longtemps, déjà terminée, ou ouverte dans une autre fenêtre.',
    refusedTitle: 'La connexion n’a pas pu se faire',
    refused: 'La demande n’est pas valable ici. Rien n’a été changé.',
    restart: 'Recommencer',
    signOutTitle: 'Se déconnecter de Relais',
    signOutQuestion: 'Voulez-vous terminer la session sur ce poste ?',
    signOut: 'Se déconnecter',
  },
  en: {
    title: 'Sign in to Relais',
    question: 'Who are you today?',
    notice: 'This is a demonstration, on this machine only: everybody here is invented, and nobody has a password.',
    search: 'Search a person, a profession or a place',
    doSearch: 'Search',
    everybody: 'Everybody',
    nobody: 'Nobody is called that.',
    cancel: 'Give up',
    expiredTitle: 'This page has expired',
    expired: 'The sign-in was opened too long ago, is over already, or was opened in another window.',
    refusedTitle: 'Signing in did not work',
    refused: 'The request is not valid here. Nothing was changed.',
    restart: 'Start again',
    signOutTitle: 'Sign out of Relais',
    signOutQuestion: 'Do you want to end the session on this device?',
    signOut: 'Sign out',
  },
} as const satisfies Record<Language, object>

type Choice = { people: readonly Person[]; search: string; language: Language }

/** Everybody whom one may be, by group: a button each, so that a keyboard is enough. */
export function signInPage({ people, search, language }: Choice): Page {
  const said = words[language]
  const body = html`<h1>${said.question}</h1>
    <p class="note">${said.notice}</p>
    <form class="search" method="get" role="search">
      <div>
        <label for="search">${said.search}</label>
        <input id="search" name="search" type="search" value="${search}" maxlength="80" autocomplete="off" />
      </div>
      <button>${said.doSearch}</button>
      ${search === '' ? '' : html`<a class="button" href="?">${said.everybody}</a>`}
    </form>
    <form method="post">
      ${people.length === 0 ? html`<p role="status">${said.nobody}</p>` : grouped(people).map((group, index) => groupOf(group, index, language))}
      <p class="last"><button name="cancel" value="yes">${said.cancel}</button></p>
    </form>`
  return { language, title: said.title, body }
}

function groupOf({ title, people }: ReturnType<typeof grouped>[number], index: number, language: Language) {
  return html`<section aria-labelledby="group-${index}">
    <h2 id="group-${index}">${title[language]}</h2>
    <ul class="people">
      ${people.map(
        (person) =>
          html`<li>
            <button name="person" value="${person.id}">
              <strong>${person.name}</strong>
              <span>${person.title[language]}</span
              >${person.organisationName === undefined ? '' : html`<span class="soft">${person.organisationName}</span>`}
            </button>
          </li>`,
      )}
    </ul>
  </section>`
}

/** `restartAt` is the portal's. */
export function expiredPage(language: Language, restartAt: string): Page {
  return noticePage(language, 'expired', restartAt)
}

export function refusedPage(language: Language, restartAt: string): Page {
  return noticePage(language, 'refused', restartAt)
}

function noticePage(language: Language, what: 'expired' | 'refused', restartAt: string): Page {
  const said = words[language]
  const title = said[`${what}Title`]
  const body = html`<h1>${title}</h1>
    <p>${said[what]}</p>
    <p><a class="button main" href="${restartAt}">${said.restart}</a></p>`
  return { language, title, body, status: 400 }
}

/** `form` is that of the provider, which holds its secret. */
export function confirmSignOutPage(language: Language, form: string): Page {
  const said = words[language]
  const body = html`<h1>${said.signOutTitle}</h1>
    <p>${said.signOutQuestion}</p>
    ${raw(form)}
    <p><button class="main" form="op.logoutForm" name="logout" value="yes">${said.signOut}</button></p>`
  return { language, title: said.signOutTitle, body }
}
