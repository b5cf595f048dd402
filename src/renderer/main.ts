import { mount } from 'svelte'
import App from './App.svelte'
import { connect } from './transport/connect.ts'
// Comes with the rest instead of after it: it is what is shown first.
import './views/start/Start.svelte'

const target = document.getElementById('app')
if (target === null) throw new Error('index.html has no element #app')
mount(App, { target, props: { environment: connect(window) } })
