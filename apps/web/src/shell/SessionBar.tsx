/** Above a page that stays as it was read: why nothing on it is read again, once for all of its parts. */
export function SessionBar({ isEnded, isSilent }: { readonly isEnded: boolean; readonly isSilent: boolean }) {
  if (!isEnded && !isSilent) return null
  return (
    <div role="alert" className="note note-warn m-2 flex flex-wrap items-center gap-x-3">
      <span>
        {isEnded
          ? 'This session has ended: the server was started again, somebody signed out or was revoked, or its time is over.'
          : 'The server is not heard; it is asked again by itself.'}{' '}
        What is shown is as it was read before.
      </span>
      {isEnded && (
        <button type="button" className="button" onClick={() => location.reload()}>
          Sign in
        </button>
      )}
    </div>
  )
}
