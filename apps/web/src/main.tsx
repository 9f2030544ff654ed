import './styles/main.css'
import { z } from 'zod'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { queryClient, router } from './router.tsx'
import { keepScroll } from './shell/keep-scroll.ts'

// Zod would otherwise try to compile its parsers, which the content security policy refuses and reports.
z.config({ jitless: true })

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element "root"')

keepScroll(router, { isReading: () => queryClient.isFetching() > 0 })

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
