import { createApp } from 'vue'
import App from './App.vue'

createApp(App, { service: 'AGENCY/SERVICE' }).mount('#app')
