import { useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import { catalogue, useWords } from '../messages/language.tsx'

const titles = catalogue({
  fr: {
    '/inbox': 'À traiter',
    '/referrals': 'Demandes',
    '/referrals/$referralId': 'Une demande',
    '/referrals/new': 'Nouvelle demande',
    '/threads': 'Conversations',
    '/threads/$threadId': 'Une conversation',
    '/patients/$patientId': 'Parcours d’un patient',
    '/patients/link-doubts': 'Doutes sur des identités',
    '/open': 'Ouvrir un patient',
    '/ward/$code': 'Tableau du service',
    '/ward/$code/admit': 'Nouvelle entrée',
    '/ward/$code/stays/$stayId': 'Un séjour',
    '/ward/$code/stays/$stayId/discharge': 'Sortie d’un patient',
    '/quarantine': 'Quarantaine',
    '/quarantine/$messageId': 'Un message en quarantaine',
    '/ehpad/$finess': 'Résidents',
    '/ehpad/$finess/returns': 'Retours attendus',
    '/ehpad/$finess/night': 'Nuit et garde',
    '/ehpad/$finess/wall': 'Écran mural',
    '/ehpad/$finess/register': 'Registre des résidents',
    '/protocols': 'Protocoles',
    '/protocols/new': 'Nouveau protocole',
    '/protocols/$protocolId': 'Un protocole',
    '/protocols/$protocolId/edit': 'Modifier un protocole',
    '/late': 'En retard',
    '/statistics': 'Chiffres',
    '/absences': 'Absences',
    '/preferences': 'Préférences',
    '/tour': 'Visite guidée',
  },
  en: {
    '/inbox': 'To do',
    '/referrals': 'Referrals',
    '/referrals/$referralId': 'A referral',
    '/referrals/new': 'New referral',
    '/threads': 'Conversations',
    '/threads/$threadId': 'A conversation',
    '/patients/$patientId': 'Pathway of a patient',
    '/patients/link-doubts': 'Doubts about identities',
    '/open': 'Open a patient',
    '/ward/$code': 'Board of the ward',
    '/ward/$code/admit': 'New admission',
    '/ward/$code/stays/$stayId': 'A stay',
    '/ward/$code/stays/$stayId/discharge': 'Discharge of a patient',
    '/quarantine': 'Quarantine',
    '/quarantine/$messageId': 'A message in quarantine',
    '/ehpad/$finess': 'Residents',
    '/ehpad/$finess/returns': 'Expected back',
    '/ehpad/$finess/night': 'Night and duty',
    '/ehpad/$finess/wall': 'Wall screen',
    '/ehpad/$finess/register': 'Register of residents',
    '/protocols': 'Protocols',
    '/protocols/new': 'New protocol',
    '/protocols/$protocolId': 'A protocol',
    '/protocols/$protocolId/edit': 'Edit a protocol',
    '/late': 'Late',
    '/statistics': 'Figures',
    '/absences': 'Absences',
    '/preferences': 'Preferences',
    '/tour': 'Guided tour',
  },
})

/** Titles stay in the history of a shared post: they say which page it is, and never whose. */
export function usePageTitle(): void {
  const words: Readonly<Record<string, string>> = useWords(titles)
  const title = useRouterState({
    select: ({ matches }) => words[matches.at(-1)?.fullPath.replace(/(.)\/$/, '$1') ?? ''],
  })
  useEffect(() => {
    document.title = title === undefined ? 'Relais' : `${title} · Relais`
  }, [title])
}
