import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { EmptyState } from '../ui/States.tsx'

/** What a page about agents shows before any was heard: `why` it would have them, and both ways to hear one. */
export function NoAgentYet({ why }: { readonly why: string }) {
  return (
    <EmptyState title="No agent was heard yet" why={why} command="npm run -s holdfast -- demo">
      <Link to={paths.start} className="link">
        How to point an agent here
      </Link>
    </EmptyState>
  )
}
