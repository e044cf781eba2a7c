// The war room: asks for the state once a second and shows it. Every text from outside goes through textContent.
'use strict';

(function () {
  const PERIOD_MS = 1000;
  const TIMEOUT_MS = 3000;
  const LOST_AFTER_MS = 3500;
  const SILENT_S = 10;      // a job reports every second
  const BEHIND_S = 15;
  const REPLAY_S = 86400;   // figures this old are a replay of recorded events, not a delay
  const FEWEST_ROWS = 3;
  const MOST_ROWS = 12;
  const WIDE = '(min-width: 1101px)';

  const SEVERITIES = {
    critical: { sign: '✖', word: 'CRITICAL' },
    warning: { sign: '▲', word: 'WARNING' },
    info: { sign: 'ℹ', word: 'INFO' }
  };
  const STATES = {
    out: { sign: '✖', word: 'out', look: 'critical' },
    oversold: { sign: '✖', word: 'oversold', look: 'critical' },
    low: { sign: '▲', word: 'low', look: 'warning' },
    in_stock: { sign: '✓', word: 'in stock', look: 'good' },
    unknown: { sign: '?', word: 'unknown', look: 'info' }
  };
  const WINDOW_NAMES = { '1m': 'last minute', '5m': 'last 5 minutes', '1h': 'last hour', today: 'today' };

  const $ = id => document.getElementById(id);
  let state = null;
  let fetchedAt = 0;
  let problem = null;
  let before = null;
  let rate = null;
  let funnelName = null;

  // Numbers

  const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
  const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
  const formats = new Map();

  function moneyFormat(currency, options) {
    const key = currency + JSON.stringify(options);
    if (!formats.has(key)) {
      let format;
      try {
        format = new Intl.NumberFormat('en', Object.assign({ style: 'currency', currency: currency }, options));
      } catch (invalidCode) {
        const plain = new Intl.NumberFormat('en', options);
        format = { format: n => plain.format(n) + ' ' + currency };
      }
      formats.set(key, format);
    }
    return formats.get(key);
  }

  const none = value => value === null || value === undefined;
  const count = n => none(n) ? '–' : Math.abs(n) < 1e7 ? whole.format(n) : compact.format(n);
  const percent = (ratio, digits) => none(ratio) ? '–' : (100 * ratio).toFixed(digits === undefined ? 1 : digits) + ' %';

  function money(n, currency, short) {
    if (none(n)) { return '–'; }
    if (short && Math.abs(n) >= 10000) {
      return moneyFormat(currency, { notation: 'compact', maximumSignificantDigits: 3 }).format(n);
    }
    const digits = Math.abs(n) >= 1000 ? 0 : 2;
    return moneyFormat(currency, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(n);
  }

  function duration(seconds) {
    if (none(seconds)) { return '–'; }
    const s = Math.max(0, seconds);
    if (s < 10) { return s.toFixed(1) + ' s'; }
    if (s < 120) { return Math.round(s) + ' s'; }
    if (s < 7200) { return Math.round(s / 60) + ' min'; }
    if (s < 172800) { return (s / 3600).toFixed(1) + ' h'; }
    return compact.format(Math.round(s / 86400)) + ' d';
  }

  function clock(millis, withDate) {
    const options = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: state.timezone };
    Object.assign(options, withDate ? { year: 'numeric', month: 'short', day: 'numeric' } : { second: '2-digit' });
    try {
      return new Intl.DateTimeFormat('en-GB', options).format(millis);
    } catch (unknownZone) {
      delete options.timeZone;
      return new Intl.DateTimeFormat('en-GB', options).format(millis);
    }
  }

  // Elements

  function text(id, value) {
    const element = $(id);
    if (element.textContent !== value) { element.textContent = value; }
  }

  function make(name, className, content) {
    const element = document.createElement(name);
    if (className) { element.className = className; }
    if (content !== undefined) { element.textContent = content; }
    return element;
  }

  // Replaces children only when what they say has changed: a screen reader is not to hear the same list each second.
  function fill(parent, children) {
    const next = children.map(child => child.outerHTML).join('');
    if (parent.dataset.shown !== next) {
      parent.replaceChildren(...children);
      parent.dataset.shown = next;
    }
  }

  function row(cells) {
    const tr = make('tr');
    cells.forEach((cell, i) => {
      const td = make(i === 0 ? 'th' : 'td');
      if (i === 0) { td.scope = 'row'; td.title = String(cell); }
      if (cell instanceof Node) { td.append(cell); } else { td.textContent = cell; }
      tr.append(td);
    });
    return tr;
  }

  function emptyRow(message, columns) {
    const tr = make('tr');
    const td = make('td', 'empty', message);
    td.colSpan = columns;
    tr.append(td);
    return tr;
  }

  function signed(look, sign, word) {
    const span = make('span', look);
    const mark = make('span', 'sign', sign + ' ');
    mark.setAttribute('aria-hidden', 'true');
    span.append(mark, make('span', 'word', word));
    return span;
  }

  // As many rows as the panel has room for: half a row at the edge of a projector says nothing.
  function rowsThatFit(tbody) {
    if (!matchMedia(WIDE).matches) { return MOST_ROWS; }
    const section = tbody.closest('section');
    const rowHeight = tbody.rows.length ? tbody.rows[0].getBoundingClientRect().height : 0;
    if (!rowHeight) { return FEWEST_ROWS; }
    const style = getComputedStyle(section);
    const room = section.getBoundingClientRect().bottom - parseFloat(style.paddingBottom) - tbody.getBoundingClientRect().top;
    return Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, Math.floor(room / rowHeight)));
  }

  function fillRows(id, rows, emptyMessage) {
    const tbody = $(id);
    // Without a row there is nothing to measure yet.
    if (!tbody.rows.length && rows.length) { fill(tbody, rows.slice(0, 1)); }
    fill(tbody, rows.length ? rows.slice(0, rowsThatFit(tbody)) : [emptyRow(emptyMessage, 6)]);
  }

  const chosenWindow = () => document.querySelector('input[name=window]:checked').value;

  // Panels

  function showGmv() {
    const today = state.windows.today.sales;
    const currency = today ? today.currency : state.currency;
    const value = today ? money(today.gmvPaid, currency, today.gmvPaid >= 1e10) : '–';
    text('gmv-value', value);
    $('gmv-value').className = 'hero' + (value.length > 13 ? ' longer' : value.length > 9 ? ' long' : '');
    const others = today ? today.otherCurrencies.map(o => money(o.gmvPaid, o.currency, true)) : [];
    const facts = [];
    if (others.length) { facts.push('and ' + others.slice(0, 4).join(', ')); }
    if (today) {
      facts.push(count(today.ordersPaid) + ' orders', count(today.visitors) + ' visitors');
      if (today.refunded > 0) { facts.push(money(today.refunded, currency, true) + ' refunded'); }
    }
    text('gmv-others', facts.join(' · '));
    showPromotion();
  }

  function showPromotion() {
    const order = { running: 0, before: 1, over: 2 };
    const promotion = state.promotions.slice()
      .sort((a, b) => order[a.phase] - order[b.phase] || (a.phase === 'over' ? b.end - a.end : a.start - b.start))[0];
    $('promotion').hidden = !promotion || !promotion.levels.length;
    $('promotion-none').hidden = Boolean(promotion && promotion.levels.length);
    if (!promotion || !promotion.levels.length) { return; }

    const top = Math.max(promotion.gmv, ...promotion.levels.map(l => l.target)) * 1.04 || 1;
    const at = n => (100 * Math.min(1, Math.max(0, n / top))).toFixed(2) + '%';
    const phase = promotion.phase === 'before' ? 'starts ' + clock(promotion.start, true)
      : promotion.phase === 'over' ? 'ended ' + clock(promotion.end, true)
        : 'until ' + clock(promotion.end, true);
    text('promotion-name', promotion.name + ' ' + money(promotion.gmv, promotion.currency, true) + ', ' + phase);
    $('promotion-fill').style.width = at(promotion.gmv);
    const track = $('promotion-track');
    track.querySelectorAll('.mark').forEach(mark => mark.remove());
    const place = (n, className) => {
      const mark = make('div', className);
      mark.style.left = at(n);
      track.append(mark);
    };
    promotion.levels.forEach(level => place(level.target, 'mark'));
    const items = promotion.levels.map(level => {
      const reached = promotion.gmv >= level.target;
      const li = make('li');
      li.append(
        signed(reached ? 'good' : '', reached ? '✓' : '○', level.level),
        make('b', '', percent(level.target > 0 ? promotion.gmv / level.target : null, 0)),
        make('small', '', 'of ' + money(level.target, promotion.currency, true)));
      return li;
    });
    if (!none(promotion.projected) && promotion.phase === 'running') {
      const missed = promotion.levels.find(level => promotion.projected < level.target);
      const li = make('li');
      li.append(
        signed(missed && missed.level === 'base' ? 'warning' : 'info', '→', 'at this pace'),
        make('b', '', money(promotion.projected, promotion.currency, true)),
        make('small', '', missed ? 'misses ' + missed.level : 'reaches all'));
      items.push(li);
    }
    fill($('promotion-levels'), items);
    track.setAttribute('aria-label', promotion.name + ': ' + promotion.levels.map(level =>
      percent(promotion.gmv / level.target, 0) + ' of ' + level.level).join(', '));
  }

  function showSales(window) {
    const sales = window.sales;
    text('visitors', sales ? count(sales.visitors) : '–');
    text('orders', sales ? count(sales.ordersPaid) : '–');
    text('window-gmv', sales ? money(sales.gmvPaid, sales.currency, true) : '–');
    text('conversion', sales ? percent(sales.conversion, 2) : '–');
    text('aov', sales ? money(sales.averageOrderValue, sales.currency, true) : '–');
    text('abandonment', sales ? percent(sales.abandonment, 0) : '–');
  }

  function showFunnel(window) {
    const names = Object.keys(window.funnels).sort((a, b) => a === 'purchase' ? -1 : b === 'purchase' ? 1 : a < b ? -1 : 1);
    const select = $('funnel-select');
    $('funnel-choice').hidden = names.length < 2;
    fill(select, names.map(name => {
      const option = make('option', '', name);
      option.value = name;
      return option;
    }));
    if (!names.includes(funnelName)) { funnelName = names[0] || null; }
    if (funnelName) { select.value = funnelName; }
    const steps = funnelName ? window.funnels[funnelName] : [];
    const most = Math.max(1, ...steps.map(step => step.visitors));
    const list = $('funnel-steps');
    // Bars keep their elements, so that they move instead of being drawn anew.
    while (list.children.length > steps.length) { list.lastChild.remove(); }
    while (list.children.length < steps.length) {
      const li = make('li');
      const head = make('span', 'step');
      head.append(make('span', 'name'), make('b', 'visitors'));
      const track = make('div', 'track');
      track.append(make('div', 'fill'));
      const rateLine = make('span', 'rate');
      rateLine.append(make('span', 'arrow', '↓ '), make('b'), make('span', 'to'));
      rateLine.firstChild.setAttribute('aria-hidden', 'true');
      li.append(head, track, rateLine);
      list.append(li);
    }
    steps.forEach((step, i) => {
      const li = list.children[i];
      li.querySelector('.name').textContent = step.step;
      li.querySelector('.visitors').textContent = count(step.visitors);
      li.querySelector('.fill').style.width = (100 * step.visitors / most).toFixed(2) + '%';
      const next = steps[i + 1];
      const line = li.querySelector('.rate');
      line.hidden = !next;
      if (next) {
        line.querySelector('b').textContent = percent(step.visitors ? next.visitors / step.visitors : null);
        line.querySelector('.to').textContent = ' go on to ' + next.step;
      }
    });
    const first = steps[0];
    const last = steps[steps.length - 1];
    text('funnel-whole', !first ? 'No funnel yet.'
      : 'From ' + first.step + ' to ' + last.step + ': ' + percent(first.visitors ? last.visitors / first.visitors : null, 2));
  }

  function showChannels(window) {
    const rows = window.channels.map(channel => row([
      channel.value, count(channel.visitors), percent(channel.conversion, 2),
      money(channel.averageOrderValue, channel.currency, true),
      money(channel.visitorValue, channel.currency, true),
      money(channel.gmvPaid, channel.currency, true)]));
    fillRows('channel-rows', rows, 'Nothing in this window yet.');
  }

  function showStock() {
    const s = state.stock.states;
    const parts = ['out', 'oversold', 'low'].filter(name => s[name] > 0).map(name => count(s[name]) + ' ' + name);
    const total = Object.values(s).reduce((a, b) => a + b, 0);
    text('stock-states', total === 0 ? '' : (parts.length ? parts.join(' · ') : 'none out or low')
      + ' of ' + count(total) + ' SKUs' + (none(state.stock.outRatio) ? '' : ', ' + percent(state.stock.outRatio) + ' out'));
    const rows = state.stock.next.map(one => {
      const look = STATES[one.state] || STATES.unknown;
      return row([
        one.warehouse === 'default' ? one.sku : one.sku + ' @ ' + one.warehouse,
        signed(look.look, look.sign, look.word),
        count(one.available), count(one.velocityPerHour),
        look.look === 'critical' ? 'sold out' : duration(one.coverSeconds),
        one.revenueAtRisk > 0 ? money(one.revenueAtRisk, one.currency || state.currency, true) : '–']);
    });
    fillRows('stock-rows', rows, 'Nothing sells yet.');
  }

  function showAlerts() {
    text('alerts-count', state.alerts.length ? state.alerts.length + ' firing' : '');
    const items = state.alerts.map(alert => {
      const look = SEVERITIES[alert.severity] ? alert.severity : 'info';
      const li = make('li', look);
      li.append(signed(look, SEVERITIES[look].sign, SEVERITIES[look].word));
      li.append(make('p', 'what', alert.summary || alert.rule));
      li.append(make('p', 'when', 'since ' + clock(alert.startsAt) + (alert.data === 'degraded' ? ' · data degraded' : '')));
      return li;
    });
    if (!items.length) {
      const calm = make('li', 'calm');
      calm.append(signed('good', '✓', 'Nothing is firing'));
      items.push(calm);
    }
    fill($('alert-list'), items);
  }

  function showHealth() {
    let read = 0; let late = 0; let rejected = 0;
    Object.values(state.health.events).forEach(outcomes => Object.entries(outcomes).forEach(([outcome, n]) => {
      read += n;
      if (outcome === 'late') { late += n; }
      if (outcome === 'dead_letter') { rejected += n; }
    }));
    if (before && state.time > before.time && read >= before.read) {
      const now = 1000 * (read - before.read) / (state.time - before.time);
      rate = rate === null ? now : rate + 0.3 * (now - rate);
    }
    if (!before || state.time > before.time) { before = { time: state.time, read: read }; }
    const share = (id, n) => {
      const dd = $(id);
      const shown = count(n);
      if (dd.dataset.shown !== shown + read) {
        dd.replaceChildren(document.createTextNode(shown),
          make('small', '', read ? percent(n / read, n / read < 0.001 && n ? 3 : 1) : ''));
        dd.dataset.shown = shown + read;
      }
    };
    $('rate').replaceChildren(document.createTextNode(none(rate) ? '–' : count(rate) + ' /s'), make('small', '', count(read) + ' read'));
    share('late', late);
    share('rejected', rejected);
    const rows = state.health.jobs.map(job => {
      const silent = job.reportAge > SILENT_S;
      const behind = job.watermarkLag > BEHIND_S && job.watermarkLag < REPLAY_S;
      return row([job.job,
        signed(silent ? 'critical' : 'good', silent ? '✖' : '✓', silent ? 'silent ' + duration(job.reportAge) : 'alive'),
        job.watermarkLag >= REPLAY_S ? 'replay'
          : signed(behind ? 'warning' : '', behind ? '▲' : '', duration(job.watermarkLag))]);
    });
    fill($('job-rows'), rows.length ? rows : [emptyRow('No job has reported yet.', 3)]);
  }

  // Trust: how old is what is on the screen?

  function showTrust() {
    const silence = Date.now() - fetchedAt;
    let look = 'live'; let sign = '●'; let word = 'Live'; let banner = ''; let mild = false;
    if (!state || silence > LOST_AFTER_MS) {
      look = 'lost'; sign = '✖'; word = 'Disconnected';
      banner = state ? 'Disconnected: these figures are ' + duration(silence / 1000) + ' old. '
        + (problem || '') + ' Trying again each second.' : '';
      if (!state && problem) { banner = 'Disconnected: ' + problem + ' Trying again each second.'; }
      if (!state && !problem) { look = 'waiting'; sign = '…'; word = 'Connecting'; }
    } else if (!state.ready) {
      look = 'waiting'; sign = '▲'; word = 'Not ready'; mild = true;
      banner = 'Figures may be incomplete: ' + state.reason + '.';
    } else {
      const silent = state.health.jobs.filter(job => job.reportAge > SILENT_S && job.job !== 'alert');
      const behind = state.health.jobs.filter(job => job.watermarkLag > BEHIND_S && job.watermarkLag < REPLAY_S);
      if (!state.health.jobs.length) {
        look = 'waiting'; sign = '…'; word = 'Waiting'; mild = true;
        banner = 'No job has reported yet; figures appear as soon as one does.';
      } else if (silent.length) {
        look = 'lost'; sign = '✖'; word = 'Stale';
        banner = 'Stale: no sign of life from ' + silent.map(job => job.job + ' for ' + duration(job.reportAge)).join(', ') + '.';
      } else if (behind.length) {
        look = 'waiting'; sign = '▲'; word = 'Behind'; mild = true;
        banner = 'Behind: ' + behind.map(job => job.job + ' by ' + duration(job.watermarkLag)).join(', ') + '.';
      } else if (state.health.jobs.some(job => job.watermarkLag >= REPLAY_S)) {
        word = 'Replay';
      }
    }
    const badge = $('connection');
    badge.className = 'badge ' + look;
    if (badge.dataset.word !== word) {
      badge.dataset.word = word;
      badge.querySelector('.sign').textContent = sign;
      badge.querySelector('.word').textContent = word;
    }
    document.body.classList.toggle('lost', Boolean(state) && word === 'Disconnected');
    document.body.classList.toggle('stale', word === 'Stale');
    const element = $('banner');
    element.hidden = !banner;
    element.className = mild ? 'mild' : '';
    text('banner', banner);
    if (state) {
      const until = state.health.figuresUntil;
      const old = !none(until) && state.time - until > REPLAY_S * 1000;
      text('until', none(until) ? 'no figures yet' : 'figures until ' + clock(until, old) + ' ' + state.timezone);
    }
  }

  function show() {
    if (state) {
      const window = state.windows[chosenWindow()];
      document.querySelectorAll('.window-name').forEach(element => {
        element.textContent = WINDOW_NAMES[chosenWindow()];
      });
      showGmv();
      showSales(window);
      showFunnel(window);
      showChannels(window);
      showStock();
      showAlerts();
      showHealth();
    }
    showTrust();
  }

  async function ask() {
    const started = Date.now();
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
      const answer = await fetch('/api/state', { signal: abort.signal, cache: 'no-store' });
      if (!answer.ok) { throw new Error('the server answers ' + answer.status + '.'); }
      state = await answer.json();
      fetchedAt = Date.now();
      problem = null;
    } catch (error) {
      problem = error.name === 'AbortError' ? 'No answer within ' + TIMEOUT_MS / 1000 + ' s.'
        : error instanceof TypeError ? 'The server cannot be reached.' : String(error.message);
    } finally {
      clearTimeout(timer);
      setTimeout(ask, Math.max(100, PERIOD_MS - (Date.now() - started)));
    }
    show();
  }

  document.querySelectorAll('input[name=window]').forEach(input => input.addEventListener('change', () => {
    try { localStorage.setItem('window', chosenWindow()); } catch (notKept) { /* private mode: chosen anew next time */ }
    show();
  }));
  $('funnel-select').addEventListener('change', event => {
    funnelName = event.target.value;
    show();
  });
  try {
    const kept = localStorage.getItem('window');
    document.querySelectorAll('input[name=window]').forEach(input => { if (input.value === kept) { input.checked = true; } });
  } catch (notKept) { /* private mode */ }
  ask();
}());
