import type { ErrorComponentProps } from '@tanstack/react-router'
import { FailedPage } from './FailedPage.tsx'

/** In place of the whole workspace, whose frame is not there either. */
export function FailedWorkspace(props: ErrorComponentProps) {
  return (
    <main className="h-full overflow-auto">
      <FailedPage {...props} />
    </main>
  )
}
