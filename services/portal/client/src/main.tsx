import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { isPassing, isSignedOut } from './api/problem.ts'
import { sessionQuery } from './api/session.ts'
import './design/tokens.css'
import './design/base.css'
import { keepFocus } from './frame/kept-focus.ts'
import { LanguageProvider } from './messages/language.tsx'
import { applyTheme } from './messages/theme.ts'
import { router } from './routes.tsx'

const ATTEMPTS = 3

applyTheme()
keepFocus()
const queries = new QueryClient({
  queryCache: new QueryCache({
    // Whatever is asked first learns that the session is over, and the page says so.
    onError: (error) => isSignedOut(error) && void queries.invalidateQueries(sessionQuery),
  }),
  defaultOptions: {
    // A refusal stays one, however often it is asked for.
    queries: { retry: (failures, error) => isPassing(error) && failures < ATTEMPTS, staleTime: 10_000 },
  },
})
const place = document.getElementById('application')
if (!place) throw new Error('The page has no place for the application')
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <RouterProvider router={router} />
      </LanguageProvider>
    </QueryClientProvider>
  </StrictMode>,
)
