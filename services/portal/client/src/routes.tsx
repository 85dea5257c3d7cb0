import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { Refused } from './api/problem.ts'
import { Failed, Loading } from './design/states.tsx'
import { Frame } from './frame/frame.tsx'
import { lazyPage } from './frame/lazy-page.tsx'
import { HomePage } from './pages/home/home-page.tsx'
import { newReferralSearch } from './pages/new-referral/new-referral-search.ts'
import { inboxSearch } from './pages/inbox/inbox-search.ts'
import { patientSearch } from './pages/patient/patient-search.ts'
import { threadSearch } from './pages/threads/thread-search.ts'
import { referralsSearch } from './pages/referrals/referrals-search.ts'

/** Every page of the application. Each arrives with its own code, when it is first opened. */
const root = createRootRoute({
  component: Frame,
  notFoundComponent: NotFound,
  errorComponent: ({ error, reset }) => <Failed error={error} retry={reset} isPage />,
})

function NotFound() {
  return <Failed error={new Refused({ type: 'urn:relais:problem:routeUnknown', status: 404 })} isPage />
}

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage })
const preferences = createRoute({
  getParentRoute: () => root,
  path: '/preferences',
  component: lazyPage(() => import('./pages/preferences/preferences-page.tsx'), 'PreferencesPage'),
})

const ehpad = createRoute({
  getParentRoute: () => root,
  path: '/ehpad/$finess',
  component: lazyPage(() => import('./pages/ehpad/board-page.tsx'), 'EhpadBoardPage'),
})
const ehpadReturns = createRoute({
  getParentRoute: () => root,
  path: '/ehpad/$finess/returns',
  component: lazyPage(() => import('./pages/ehpad/returns-page.tsx'), 'EhpadReturnsPage'),
})
const ehpadNight = createRoute({
  getParentRoute: () => root,
  path: '/ehpad/$finess/night',
  component: lazyPage(() => import('./pages/ehpad/night-page.tsx'), 'EhpadNightPage'),
})
const ehpadWall = createRoute({
  getParentRoute: () => root,
  path: '/ehpad/$finess/wall',
  staticData: { isBare: true },
  component: lazyPage(() => import('./pages/ehpad/wall-page.tsx'), 'EhpadWallPage'),
})
const ehpadRegister = createRoute({
  getParentRoute: () => root,
  path: '/ehpad/$finess/register',
  component: lazyPage(() => import('./pages/ehpad/register-page.tsx'), 'EhpadRegisterPage'),
})
const ofEhpad = [ehpad, ehpadReturns, ehpadNight, ehpadWall, ehpadRegister] as const

const patient = createRoute({
  getParentRoute: () => root,
  path: '/patients/$patientId',
  validateSearch: patientSearch,
  component: lazyPage(() => import('./pages/patient/patient-page.tsx'), 'PatientPage'),
})

const ward = createRoute({
  getParentRoute: () => root,
  path: '/ward/$code',
  component: lazyPage(() => import('./pages/ward/ward-page.tsx'), 'WardPage'),
})
const admit = createRoute({
  getParentRoute: () => root,
  path: '/ward/$code/admit',
  component: lazyPage(() => import('./pages/ward/admit-page.tsx'), 'AdmitPage'),
})
const stay = createRoute({
  getParentRoute: () => root,
  path: '/ward/$code/stays/$stayId',
  component: lazyPage(() => import('./pages/ward/stay-page.tsx'), 'StayPage'),
})
const discharge = createRoute({
  getParentRoute: () => root,
  path: '/ward/$code/stays/$stayId/discharge',
  component: lazyPage(() => import('./pages/ward/discharge-page.tsx'), 'DischargePage'),
})
const ofWard = [ward, admit, stay, discharge] as const

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  validateSearch: inboxSearch,
  component: lazyPage(() => import('./pages/inbox/inbox-page.tsx'), 'InboxPage'),
})
const referrals = createRoute({
  getParentRoute: () => root,
  path: '/referrals',
  validateSearch: referralsSearch,
  component: lazyPage(() => import('./pages/referrals/referrals-page.tsx'), 'ReferralsPage'),
})
const referral = createRoute({
  getParentRoute: () => root,
  path: '/referrals/$referralId',
  component: lazyPage(() => import('./pages/referrals/referral-page.tsx'), 'ReferralPage'),
})
const ofInbox = [inbox, referrals, referral] as const

const newReferral = createRoute({
  getParentRoute: () => root,
  path: '/referrals/new',
  validateSearch: newReferralSearch,
  component: lazyPage(() => import('./pages/new-referral/new-referral-page.tsx'), 'NewReferralPage'),
})

const quarantine = createRoute({
  getParentRoute: () => root,
  path: '/quarantine',
  component: lazyPage(() => import('./pages/quarantine/quarantine-page.tsx'), 'QuarantinePage'),
})
const quarantined = createRoute({
  getParentRoute: () => root,
  path: '/quarantine/$messageId',
  component: lazyPage(() => import('./pages/quarantine/message-page.tsx'), 'QuarantinedMessagePage'),
})
const linkDoubts = createRoute({
  getParentRoute: () => root,
  path: '/patients/link-doubts',
  component: lazyPage(() => import('./pages/quarantine/link-doubts-page.tsx'), 'LinkDoubtsPage'),
})
const ofMessages = [quarantine, quarantined, linkDoubts] as const

const threads = createRoute({
  getParentRoute: () => root,
  path: '/threads',
  component: lazyPage(() => import('./pages/threads/threads-page.tsx'), 'ThreadsPage'),
})
const thread = createRoute({
  getParentRoute: () => threads,
  path: '$threadId',
  validateSearch: threadSearch,
  component: lazyPage(() => import('./pages/threads/thread-page.tsx'), 'ThreadPage', { isPart: true }),
  pendingComponent: () => <Loading />,
})

const protocols = createRoute({
  getParentRoute: () => root,
  path: '/protocols',
  component: lazyPage(() => import('./pages/protocols/protocols-page.tsx'), 'ProtocolsPage'),
})
const protocolNew = createRoute({
  getParentRoute: () => root,
  path: '/protocols/new',
  component: lazyPage(() => import('./pages/protocols/edit-page.tsx'), 'ProtocolNewPage'),
})
const protocol = createRoute({
  getParentRoute: () => root,
  path: '/protocols/$protocolId',
  component: lazyPage(() => import('./pages/protocols/protocol-page.tsx'), 'ProtocolPage'),
})
const protocolEdit = createRoute({
  getParentRoute: () => root,
  path: '/protocols/$protocolId/edit',
  component: lazyPage(() => import('./pages/protocols/edit-page.tsx'), 'ProtocolEditPage'),
})
const late = createRoute({
  getParentRoute: () => root,
  path: '/late',
  component: lazyPage(() => import('./pages/late/late-page.tsx'), 'LatePage'),
})
const statistics = createRoute({
  getParentRoute: () => root,
  path: '/statistics',
  component: lazyPage(() => import('./pages/statistics/statistics-page.tsx'), 'StatisticsPage'),
})
const ofCoordination = [protocols, protocolNew, protocol, protocolEdit, late, statistics] as const

const open = createRoute({
  getParentRoute: () => root,
  path: '/open',
  component: lazyPage(() => import('./pages/open/open-page.tsx'), 'OpenPage'),
})
const absences = createRoute({
  getParentRoute: () => root,
  path: '/absences',
  component: lazyPage(() => import('./pages/absences/absences-page.tsx'), 'AbsencesPage'),
})

const tour = createRoute({
  getParentRoute: () => root,
  path: '/tour',
  component: lazyPage(() => import('./pages/tour/tour-page.tsx'), 'TourPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    preferences,
    patient,
    threads.addChildren([thread]),
    open,
    absences,
    tour,
    ...ofEhpad,
    ...ofCoordination,
    ...ofWard,
    newReferral,
    ...ofMessages,
    ...ofInbox,
  ]),
  basepath: '/app',
  defaultPreload: 'intent',
  // Where the code of a page is long in coming.
  defaultPendingComponent: () => <Loading isPage />,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
  interface StaticDataRouteOption {
    /** Without the head of the frame: for a screen that nobody operates. */
    isBare?: boolean
  }
}
