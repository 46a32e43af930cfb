import { onPostgres } from '../testing/on-postgres.ts'

onPostgres(() => import('./sealed.test.ts'))
