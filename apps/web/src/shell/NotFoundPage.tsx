import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { TitleBar } from '../ui/TitleBar.tsx'

export function NotFoundPage() {
  return (
    <TitleBar tab="No page" title="No page at this address">
      The address names no page of the workspace. An id can be opened by{' '}
      <Link to={paths.search} className="link">
        search
      </Link>
      .
    </TitleBar>
  )
}
