import { render } from 'preact';
import { App } from './shell/app.tsx';
import './style/tokens.css';
import './style/base.css';
import './style/parts.css';
import './style/shell.css';
import './style/kiosk.css';
import './style/charts.css';
import './style/funnel.css';
import './style/funnel-form.css';
import './style/map.css';
import './style/nps.css';
import './style/health.css';
import './style/customer.css';
import './style/alerts.css';
import './style/narrow.css';

const place = document.getElementById('board');
if (place !== null) render(<App />, place);
