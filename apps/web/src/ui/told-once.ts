import { createContext } from 'react'

/** True where the shell says above the page why nothing can be read again: its parts do not each repeat it. */
export const ToldOnceContext = createContext(false)
