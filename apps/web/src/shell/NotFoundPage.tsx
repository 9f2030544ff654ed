import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { PageHead } from '../ui/Page.tsx'

export function NotFoundPage() {
  return (
    <PageHead tab="No page" title="No page at this address">
      The address names no page of the workspace. An id can be opened by{' '}
      <Link to={paths.search} className="link">
        search
      </Link>
      .
    </PageHead>
  )
}
