import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { EmptyState } from '../ui/States.tsx'

export function NotFoundPage() {
  return (
    <EmptyState
      title="No page at this address"
      why="The address names no page of the workspace. An id can be opened by search."
    >
      <Link to={paths.search} className="link self-start">
        Open any id
      </Link>
    </EmptyState>
  )
}
