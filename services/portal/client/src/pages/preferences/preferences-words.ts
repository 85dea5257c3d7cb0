import { catalogue } from '../../messages/language.tsx'

export const preferencesWords = catalogue({
  fr: {
    title: 'Préférences',
    device: 'Cet appareil',
    conversations: 'Conversations',
    conversationsHelp:
      'Pendant les heures calmes et dans les conversations en sourdine, rien ne vous alerte. Les mentions de votre nom et les messages urgents passent toujours.',
    quiet: 'Heures calmes, tous les jours',
    from: 'De',
    to: 'À',
    zone: (zone: string) => `Heures de ${zone}`,
    sameTimes: 'Les heures calmes finissent quand elles commencent : choisissez deux heures différentes.',
    digest: 'À la fin des heures calmes, me dire en une fois ce qui est arrivé',
    muted: 'Conversations en sourdine',
    noneMuted: 'Aucune. Une conversation se met en sourdine depuis sa page.',
    unmute: 'Remettre le son',
    save: 'Enregistrer',
    saved: 'Changement de préférences',
    unsaved: 'Modifications non enregistrées',
  },
  en: {
    title: 'Preferences',
    device: 'This device',
    conversations: 'Conversations',
    conversationsHelp:
      'During quiet hours, and in muted conversations, nothing alerts you. Mentions of your name and urgent messages always come through.',
    quiet: 'Quiet hours, every day',
    from: 'From',
    to: 'To',
    zone: (zone: string) => `Times of ${zone}`,
    sameTimes: 'Quiet hours end when they begin: choose two different times.',
    digest: 'When quiet hours end, tell me once what came meanwhile',
    muted: 'Muted conversations',
    noneMuted: 'None. A conversation is muted from its own page.',
    unmute: 'Unmute',
    save: 'Save',
    saved: 'Change of preferences',
    unsaved: 'Changes that are not kept yet',
  },
})
