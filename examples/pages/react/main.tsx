import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'

createRoot(document.querySelector('#app') as Element).render(<App service="AGENCY/SERVICE" />)
