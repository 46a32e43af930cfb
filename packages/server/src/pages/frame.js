/**
 * Tells the page around a framed service how high it is, which step is shown, and what became of it: never an answer, nor
 * the tracking code. Whoever the page is, there is nothing in it to hide.
 */
const service = document.querySelector('guichet-service')
const keys = new URL(location.href).searchParams.get('keys')
if (keys !== null) service.setAttribute('keys', keys)
const tell = (guichet, more) => parent.postMessage({ guichet, ...more }, '*')
tell('height', { height: document.documentElement.offsetHeight, title: document.title })
new ResizeObserver(() => tell('height', { height: document.documentElement.offsetHeight })).observe(document.documentElement)
service.addEventListener('guichet-ready', () => tell('ready', { title: document.title }))
service.addEventListener('guichet-page', (event) => tell('page', { page: event.detail.page }))
service.addEventListener('guichet-submitted', () => tell('submitted'))
service.addEventListener('guichet-failed', (event) => tell('failed', { reason: event.detail.reason, status: event.detail.status }))
addEventListener('message', (event) => {
  if (event.source === parent && event.data?.guichet === 'language' && /^[A-Za-z0-9-]{2,35}$/.test(event.data.language)) service.lang = event.data.language
})
