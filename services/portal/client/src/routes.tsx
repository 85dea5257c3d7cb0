import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { Failed } from './design/states.tsx'
import { Frame } from './frame/frame.tsx'
import { HomePage } from './pages/home/home-page.tsx'

/** Every page of the application. Each arrives with its own code, when it is first opened. */
const root = createRootRoute({
  component: Frame,
  notFoundComponent: NotFound,
  errorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
})

function NotFound() {
  return <Failed error={new Error('no such page')} />
}

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage })
const preferences = createRoute({
  getParentRoute: () => root,
  path: '/preferences',
  component: lazyRouteComponent(() => import('./pages/preferences/preferences-page.tsx'), 'PreferencesPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([home, preferences]),
  basepath: '/app',
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
