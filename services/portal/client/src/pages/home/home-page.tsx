import { Navigate } from '@tanstack/react-router'
import { usePerson } from '../../api/session.ts'
import { homeOf } from '../../frame/places.ts'

/** The application opens on what a person does first. */
export function HomePage() {
  return <Navigate to={homeOf(usePerson())} replace />
}
