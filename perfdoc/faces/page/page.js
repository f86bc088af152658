(function () {
  'use strict';
  var closed = [];
  window.addEventListener('beforeprint', function () {
    closed = Array.prototype.slice.call(document.querySelectorAll('details:not([open])'));
    closed.forEach(function (each) { each.open = true; });
  });
  window.addEventListener('afterprint', function () {
    closed.forEach(function (each) { each.open = false; });
    closed = [];
  });

  var form = document.getElementById('filters');
  if (!form) { return; }  // the page of a trend has none
  var shown = document.getElementById('shown');
  var bodies = Array.prototype.slice.call(document.querySelectorAll('#rows > tbody'));
  var rows = bodies.filter(function (body) { return body.classList.contains('row'); });
  var texts = null;
  var timer = 0;

  function values(name) {
    return Array.prototype.map.call(
      form.querySelectorAll('input[name="' + name + '"]:checked'), function (box) { return box.value; });
  }

  function state() {
    var asked = new URLSearchParams();
    values('s').forEach(function (word) { asked.append('s', word); });
    values('only').forEach(function (word) { asked.append('only', word); });
    var q = form.elements.q.value.trim();
    if (q) { asked.append('q', q); }
    return asked.toString();
  }

  function searched() {
    // Read once, and only when somebody searches: 2,000 rows hold a lot of text.
    texts = texts || rows.map(function (row) { return row.textContent.toLowerCase(); });
    return texts;
  }

  function meets(row, place, statuses, only, words) {
    var has = row.getAttribute('data-s').split(' ');
    var marks = row.getAttribute('data-m').split(' ');
    return (!statuses.length || statuses.some(function (word) { return has.indexOf(word) >= 0; })) &&
      only.every(function (mark) { return marks.indexOf(mark) >= 0; }) &&
      words.every(function (word) { return searched()[place].indexOf(word) >= 0; });
  }

  function apply() {
    var statuses = values('s');
    var only = values('only');
    var words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    var count = 0;
    rows.forEach(function (row, place) {
      var keep = meets(row, place, statuses, only, words);
      row.hidden = !keep;
      count += keep ? 1 : 0;
    });
    var heading = null;
    bodies.forEach(function (body) {
      if (body.classList.contains('group')) {
        heading = body;
        body.hidden = true;
      } else if (!body.hidden && heading) {
        heading.hidden = false;
      }
    });
    shown.textContent = count === rows.length ? '共 ' + count + ' 项，全部显示' :
      count ? '显示 ' + count + ' 项，共 ' + rows.length + ' 项' : '没有符合的指标，共 ' + rows.length + ' 项';
  }

  function keep() {
    var asked = state();
    if (asked) {
      history.replaceState(null, '', '#f:' + asked);
    } else if (location.hash.indexOf('#f:') === 0) {
      history.replaceState(null, '', location.pathname + location.search);
    }
  }

  function changed() {
    apply();
    keep();
  }

  function fill(query) {
    var asked = new URLSearchParams(query);
    ['s', 'only'].forEach(function (name) {
      var wanted = asked.getAll(name);
      Array.prototype.forEach.call(form.querySelectorAll('input[name="' + name + '"]'), function (box) {
        box.checked = wanted.indexOf(box.value) >= 0;
      });
    });
    form.elements.q.value = asked.get('q') || '';
    apply();
  }

  function target() {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch (error) {
      return null;
    }
  }

  function follow() {
    if (location.hash.indexOf('#f:') === 0) {
      fill(location.hash.slice(3));
      return;
    }
    var row = target();
    if (row && row.hidden) {
      fill('');
      row.scrollIntoView();
    }
  }

  form.hidden = false;
  form.addEventListener('submit', function (event) { event.preventDefault(); });
  form.addEventListener('change', changed);
  form.elements.q.addEventListener('input', function () {
    clearTimeout(timer);
    timer = setTimeout(changed, 120);
  });
  form.addEventListener('reset', function () { setTimeout(changed, 0); });
  form.addEventListener('keydown', function (event) {
    if (event.key === 'Escape' && state()) {
      form.reset();
    }
  });
  document.addEventListener('click', function (event) {
    var link = event.target.closest && event.target.closest('a[data-filter]');
    if (!link) { return; }
    event.preventDefault();
    fill(link.getAttribute('data-filter'));
    keep();
    document.getElementById('table').scrollIntoView();
    shown.setAttribute('tabindex', '-1');
    shown.focus({ preventScroll: true });
  });
  window.addEventListener('hashchange', follow);

  apply();
  follow();
}());
