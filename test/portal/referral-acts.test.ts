import { InboxItem } from '@relais/contracts/boards'
import { ReferralView } from '@relais/contracts/referral-views'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { Inhabitant } from '../loops/town.fixture.ts'
import { announced, button, dialogOf, openStage, type Stage, undo } from './acts.fixture.ts'
import { hasBrowser } from './browser.fixture.ts'
import { people } from './portal.fixture.ts'
import { admittedOn, choose, inField } from './ward.fixture.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const Inbox = z.object({ items: z.array(InboxItem) })
const DAY_HOURS = 24

describe.skipIf(!hasBrowser)('what is asked of others', () => {
  let stage: Stage
  let nurse: Page
  let gp: Page
  let asker: Inhabitant
  let patient: { patientId: string; stayId: string }

  beforeAll(async () => {
    stage = await openStage()
    patient = await admittedOn(stage.town, 'TEST-PERVENCHE')
    asker = await stage.town.as(people.wardNurse)
    nurse = await stage.comes(people.wardNurse)
    gp = await stage.comes(people.gp)
  })

  const later = async (hours: number) => new Date(Date.parse(await stage.town.now()) + hours * 3_600_000).toISOString()
  /** The ward asks the GP, or others, over HTTP: what comes of it is what a story tells. */
  async function asks(title: string, details: object = {}): Promise<string> {
    const referralId = crypto.randomUUID()
    await asker.says('POST', `/referrals/${referralId}`, {
      ...patient,
      kind: 'takeOver',
      urgency: 'soon',
      title,
      question: `${title} : qui peut passer ?`,
      receivers: [{ recipient: people.gp.id }],
      mode: 'firstAcceptance',
      answerBy: await later(DAY_HOURS),
      ...details,
    })
    return referralId
  }
  const opens = (page: Page, referralId: string) => stage.goTo(page, `/referrals/${referralId}`)
  /** Does what needs a few words first: opens the form, fills it in, sends it. */
  async function says(page: Page, act: { press: string; title: string; send: string }, fill: (form: Form) => unknown) {
    await button(page, act.press).click()
    const form = dialogOf(page, act.title)
    await fill(form)
    await form.getByRole('button', { name: act.send, exact: true }).click()
  }
  type Form = ReturnType<typeof dialogOf>
  const part = (page: Page, person: { name: string }) =>
    page.getByRole('main').getByRole('listitem').filter({ hasText: person.name })
  /** What somebody is asked, whose screen is not here. */
  async function natureFor(person: Parameters<Stage['town']['as']>[0], title: string) {
    const { items } = await (await stage.town.as(person)).reads(Inbox, '/inbox')
    return items.map((item) => item.kind === 'work' && item.work.title === title && item.work.nature).find(Boolean)
  }
  const newRequest = () => stage.goTo(nurse, `/referrals/new?patient=${patient.patientId}&stay=${patient.stayId}`)
  async function writes(title: string) {
    await nurse.getByLabel('Objet').fill(title)
    await nurse.getByLabel('Votre question').fill(`${title} : que faire ?`)
  }
  const whom = () => nurse.getByRole('region', { name: 'À qui' })
  const send = () => button(nurse, 'Envoyer la demande').click()
  const sent = (title: string) => announced(nurse, `Demande envoyée : ${title}`)

  test('a ward asks one GP before another, from the page of a stay: the other is asked once the first has had his hours', async () => {
    await stage.goTo(nurse, `/ward/4101/stays/${patient.stayId}`)
    await nurse.getByRole('link', { name: 'Demander à un confrère ou à une équipe' }).click()
    await send()
    await nurse.getByRole('alert').getByText('au moins un destinataire').waitFor()
    await writes('Pansement')
    await whom()
      .getByRole('button', { name: /Bruno TEST-DAPHNÉ/ })
      .click()
    await choose(whom(), /^Chercher une personne/, people.otherGp.name)
    await nurse.getByRole('group', { name: 'Demander d’abord à' }).getByLabel(people.gp.name).check()
    await nurse.getByLabel('Pendant (heures)').fill('30')
    await nurse
      .getByText(/premier délai qui finisse avant/)
      .first()
      .waitFor()
    await nurse.getByLabel('Pendant (heures)').fill('2')
    await send()
    await sent('Pansement')
    await gp.getByRole('link', { name: /TEST-PERVENCHE.*Pansement/s }).waitFor()
    expect(await natureFor(people.otherGp, 'Pansement')).toBeUndefined()
    await stage.town.passes(2.5)
    await part(nurse, people.otherGp).getByText('Sollicité').waitFor()
    expect(await natureFor(people.otherGp, 'Pansement')).toBe('referralWidened')
    expect(stage.faults()).toEqual([])
  })

  test('nobody answers: the ladder that the ward wrote asks the next one', async () => {
    await newRequest()
    await writes('Perfusion')
    await choose(whom(), /^Chercher une personne/, people.otherGp.name)
    await nurse.getByText('Si personne ne répond').click()
    await button(nurse, 'Ajouter un échelon').click()
    await button(nurse, 'Ajouter un échelon').click()
    await nurse.getByRole('group', { name: 'Échelon 2' }).getByRole('button', { name: 'Retirer cet échelon' }).click()
    await send()
    await nurse.getByRole('alert').getByText('les heures et les destinataires de chaque échelon').waitFor()
    const rung = nurse.getByRole('group', { name: 'Échelon 1' })
    await rung.getByLabel('Heures').fill('1')
    await rung.getByLabel('comptées').selectOption('après l’envoi')
    await choose(rung, 'Solliciter aussi', people.homeNurse.name)
    await send()
    await sent('Perfusion')
    await part(nurse, people.otherGp).waitFor()
    expect(await part(nurse, people.homeNurse).count()).toBe(0)
    await stage.town.passes(1.5)
    await part(nurse, people.homeNurse).getByText('Sollicité').waitFor()
    expect(await natureFor(people.homeNurse, 'Perfusion')).toBe('referralEscalated')
    expect(stage.faults()).toEqual([])
  })

  test('several are asked at once, each for themselves: both accept, and the ward sees both', async () => {
    await newRequest()
    await writes('Bilan partagé')
    await whom()
      .getByRole('button', { name: /Bruno TEST-DAPHNÉ/ })
      .click()
    await choose(whom(), /^Chercher une personne/, people.otherGp.name)
    await nurse.getByRole('radio', { name: 'chacun répond pour soi' }).check()
    await send()
    await sent('Bilan partagé')
    await nurse.getByText('chacun répond pour soi').waitFor()
    const other = await stage.town.as(people.otherGp)
    await other.says('POST', `/referrals/${idOf(nurse)}/accept`, {})
    await opens(gp, idOf(nurse))
    await button(gp, 'Accepter').click()
    for (const person of [people.gp, people.otherGp]) await part(nurse, person).getByText('Accepté').waitFor()
    expect(stage.faults()).toEqual([])
  })

  test('who the patient is, is told to who accepts and to nobody before', async () => {
    await newRequest()
    await writes('Reprise de suivi')
    await whom()
      .getByRole('button', { name: /Bruno TEST-DAPHNÉ/ })
      .click()
    await nurse.getByLabel(/^Ne dire qui est le patient/).check()
    await send()
    await sent('Reprise de suivi')
    await opens(gp, idOf(nurse))
    await gp.getByText('Identité révélée à l’acceptation').waitFor()
    expect(await gp.getByRole('main').textContent()).not.toContain('PERVENCHE')
    await button(gp, 'Accepter').click()
    await gp.getByRole('heading', { name: /TEST-PERVENCHE/ }).waitFor()
    expect(stage.faults()).toEqual([])
  })

  test('a request that was sent by mistake is taken back at once, and a double click sends one only', async () => {
    const answers: number[] = []
    nurse.on('response', (response) => {
      if (response.request().method() === 'POST' && /\/referrals\//.test(response.url()))
        answers.push(response.status())
    })
    await newRequest()
    await writes('Kinésithérapie')
    await whom()
      .getByRole('button', { name: /Bruno TEST-DAPHNÉ/ })
      .click()
    await button(nurse, 'Envoyer la demande').dblclick()
    await sent('Kinésithérapie')
    await undo(nurse, 'Demande envoyée : Kinésithérapie')
    await announced(nurse, 'Demande retirée')
    await nurse.getByText('Cette demande a été annulée.').waitFor()
    // That it was sent, and that it was taken back.
    expect(answers).toEqual([204, 204])
    await opens(gp, idOf(nurse))
    await gp.getByText('Cette demande a été annulée.').waitFor()
    expect(await natureFor(people.gp, 'Kinésithérapie')).toBeUndefined()
    expect(stage.faults()).toEqual([])
  })

  test('a GP has no place, and says so: the ward reads why, and asks another one', async () => {
    const referralId = await asks('Suivi du diabète')
    await opens(gp, referralId)
    await says(gp, { press: 'Refuser…', title: 'Refuser la demande', send: 'Refuser' }, async (form) => {
      await form.getByLabel('Motif').selectOption('Plus de place')
      await form.getByLabel('Commentaire').fill('Je pars à la retraite.')
    })
    await announced(gp, 'Refus de la demande')
    await opens(nurse, referralId)
    await nurse.getByText('Refusé : plus de place').waitFor()
    await nurse.getByText('Je pars à la retraite.').waitFor()
    expect(await natureFor(people.wardNurse, 'Suivi du diabète')).toBe('nobodyAccepts')
    const others = { press: 'Demander à d’autres…', title: 'Demander aussi à d’autres', send: 'Demander' }
    await says(nurse, others, async (form) => {
      await form.getByRole('button', { name: 'Demander', exact: true }).click()
      await form.getByRole('alert').getByText('Choisissez quelqu’un').waitFor()
      await choose(form, 'Ajouter un destinataire', people.otherGp.name)
    })
    await part(nurse, people.otherGp).getByText('Sollicité').waitFor()
    expect(await natureFor(people.otherGp, 'Suivi du diabète')).toBe('referralAsked')
    expect(stage.faults()).toEqual([])
  })

  test('a GP names a colleague who knows better: the colleague is asked, and the ward sees by whom', async () => {
    const referralId = await asks('Échographie')
    await opens(gp, referralId)
    const redirect = { press: 'Réorienter…', title: 'Réorienter vers quelqu’un d’autre', send: 'Réorienter' }
    await says(gp, redirect, (form) => choose(form, 'Vers qui', people.otherGp.name))
    await announced(gp, 'Réorientation')
    expect(await natureFor(people.otherGp, 'Échographie')).toBe('referralRedirected')
    await opens(nurse, referralId)
    await nurse.getByText(/Réorienté vers.*hors de ma compétence/).waitFor()
    expect(stage.faults()).toEqual([])
  })

  test('a GP has a question first: the ward answers it, and the GP reads the answer where the question stands', async () => {
    const referralId = await asks('Anticoagulant')
    await opens(gp, referralId)
    const question = { press: 'Demander une précision…', title: 'Demander une précision', send: 'Envoyer la question' }
    await says(gp, question, async (form) => {
      await form.getByRole('button', { name: 'Envoyer la question' }).click()
      await form.getByText('Écrivez quelques mots.').waitFor()
      await form.getByLabel('Votre question').fill('Depuis quand ?')
    })
    await gp.getByText('pas encore de réponse').waitFor()
    await opens(nurse, referralId)
    const answer = { press: 'Répondre à la question…', title: 'Répondre à la question', send: 'Envoyer la réponse' }
    await says(nurse, answer, async (form) => {
      await form.getByText('Depuis quand ?').waitFor()
      await form.getByLabel('Votre réponse').fill('Depuis mardi.')
    })
    await gp.getByText('Depuis mardi.').waitFor()
    expect(await gp.getByText('pas encore de réponse').count()).toBe(0)
    expect(stage.faults()).toEqual([])
  })

  test('from the acceptance to the end: an appointment, moved, missed, given again, seen, answered, and closed by the ward', async () => {
    const referralId = await asks('Consultation')
    await Promise.all([opens(gp, referralId), opens(nurse, referralId)])
    await button(gp, 'Accepter').click()
    const give = { press: 'Donner un rendez-vous…', title: 'Donner un rendez-vous', send: 'Donner ce rendez-vous' }
    await says(gp, give, async (form) => {
      await form.getByLabel('Date et heure').fill(inField(await later(-2)))
      await form.getByRole('button', { name: 'Donner ce rendez-vous' }).click()
      await form.getByText('Un rendez-vous se donne à une heure à venir.').waitFor()
      await form.getByLabel('Date et heure').fill(inField(await later(2)))
      await form.getByLabel('Lieu').fill('Cabinet de la Fable')
    })
    await nurse.getByText(/Cabinet de la Fable/).waitFor()
    const missed = { press: 'Non venu…', title: 'Le patient n’est pas venu', send: 'Noter l’absence' }
    await says(gp, missed, () => {})
    await gp.getByRole('alert').getByText('l’heure du rendez-vous n’est pas encore passée').waitFor()
    const move = { press: 'Déplacer le rendez-vous…', title: 'Déplacer le rendez-vous', send: 'Déplacer' }
    await says(gp, move, async (form) => {
      await form.getByLabel('Date et heure').fill(inField(await later(1)))
      await form.getByLabel('Lieu').fill('À domicile')
    })
    await nurse.getByText(/À domicile/).waitFor()
    await stage.town.passes(2)
    await opens(gp, referralId)
    await says(gp, missed, () => {})
    await nurse.getByText('Patient non venu').waitFor()
    await says(gp, give, async (form) => form.getByLabel('Date et heure').fill(inField(await later(1))))
    await nurse.getByText('Rendez-vous donné').waitFor()
    await says(gp, { press: 'Patient vu…', title: 'Le patient a été vu', send: 'Noter' }, () => {})
    await nurse.getByText('Patient vu', { exact: true }).first().waitFor()
    await says(gp, { press: 'Répondre…', title: 'Répondre', send: 'Envoyer la réponse' }, (form) =>
      form.getByLabel('Votre réponse').fill('Tout va bien.'),
    )
    await nurse.getByText('Tout va bien.').waitFor()
    await says(nurse, { press: 'Clore…', title: 'Clore la demande', send: 'Clore' }, () => {})
    await nurse.getByText('Cette demande est close.').waitFor()
    await gp.getByText('Cette demande est close.').waitFor()
    expect(ReferralView.parse((await asker.asked({ path: `/referrals/${referralId}` })).body).status).toBe('closed')
    expect(stage.faults()).toEqual([])
  })

  test('the ward takes a request back while the GP writes a refusal: the GP is told in words that it has ended', async () => {
    const referralId = await asks('Bilan sanguin')
    await Promise.all([opens(gp, referralId), opens(nurse, referralId)])
    await button(gp, 'Refuser…').click()
    const refusal = dialogOf(gp, 'Refuser la demande')
    await refusal.getByLabel('Commentaire').fill('Je suis en congé.')
    const cancel = { press: 'Annuler la demande…', title: 'Annuler la demande', send: 'Annuler la demande' }
    await says(nurse, cancel, (form) => form.getByLabel('Motif').selectOption('Refus du patient'))
    await nurse.getByText('Cette demande a été annulée.').waitFor()
    await refusal.getByRole('button', { name: 'Refuser', exact: true }).click()
    await announced(gp, 'Refus de la demande — cette demande est terminée')
    await gp.getByText('Cette demande a été annulée.').waitFor()
    expect(await button(gp, 'Accepter').count()).toBe(0)
    expect(stage.faults()).toEqual([])
  })

  test('of a team, one takes what came, puts it back, and the secretary gives it to her: nobody else takes it then', async () => {
    const referralId = await asks('Nouveau patient', { receivers: [{ recipient: 'finess:990000051' }] })
    const colleague = await stage.comes(people.clinicGp, `/referrals/${referralId}`)
    await button(colleague, 'Prendre en main').click()
    await colleague.getByText(/^Pris en main par/).waitFor()
    await button(colleague, 'Remettre en file').click()
    await button(colleague, 'Prendre en main').waitFor()
    const secretary = await stage.comes(people.secretary, `/referrals/${referralId}`)
    const give = { press: 'Confier à un collègue…', title: 'Confier à un collègue', send: 'Confier' }
    await says(secretary, give, (form) => choose(form, 'Qui doit s’en occuper', people.clinicGp.name))
    await secretary.getByText(/^Pris en main par/).waitFor()
    await button(colleague, 'Remettre en file').waitFor()
    await button(colleague, 'Accepter').click()
    await opens(nurse, referralId)
    await nurse.getByText('Accepté', { exact: true }).waitFor()
    expect(stage.faults()).toEqual([])
  })

  test('unscheduled care, urgent, within 24 hours: an appointment of that night keeps the promise, and the ward reads so a day later', async () => {
    await newRequest()
    await nurse.getByRole('radio', { name: 'Soins non programmés (SNP)' }).check()
    await nurse.getByLabel('Engagement de délai').selectOption('CPTS : rendez-vous dans les 24 heures')
    await nurse.getByRole('radio', { name: 'Urgent' }).check()
    await writes('Plaie à la main')
    await whom()
      .getByRole('button', { name: /Bruno TEST-DAPHNÉ/ })
      .click()
    await send()
    await sent('Plaie à la main')
    await stage.goTo(gp, '/inbox')
    await gp.getByRole('link', { name: /Plaie à la main.*urgent/s }).click()
    await gp.getByRole('button', { name: /^Accepter/ }).click()
    await gp.getByRole('button', { name: /^Donner un rendez-vous…/ }).click()
    const form = dialogOf(gp, 'Donner un rendez-vous')
    await form.getByLabel('Date et heure').fill(inField(await later(3)))
    await form.getByRole('button', { name: 'Donner ce rendez-vous' }).click()
    await announced(gp, 'Rendez-vous')
    await nurse.getByText('sous 24 h (SNP)').waitFor()
    await stage.town.passes(25)
    await nurse.getByText('tenu', { exact: true }).waitFor()
    expect(stage.faults()).toEqual([])
  })
})

/** The referral that a page shows. */
const idOf = (page: Page) => new URL(page.url()).pathname.split('/').at(-1) ?? ''
