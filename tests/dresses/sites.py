"""A report as a page of a site as content systems make them: shells, panels, banners, widgets.

The report itself is set as in `pages.py`; what is around it, how its chapters close and open, and
what stands between and behind them is drawn here.
"""

from __future__ import annotations

import random
from dataclasses import replace

from tests.layouts.contents import Content

from .pages import Dress, Page, chapters, draw_dress
from .plan import Node, draw_wording

SYSTEMS = ("wordpress", "blocks", "builder", "govuk", "drupal", "bootstrap")
PANELS = ("none", "none", "none", "govuk", "jquery", "aria", "collapse", "builder", "details", "more")  # fmt: skip
CONSENT = (
    '<div id="cookie-law-info-bar" data-nosnippet="true"><span>We use files to make this site work. <a role="button" class="cli_settings_button">Settings</a> <a role="button">Accept all</a></span></div>',
    '<div id="onetrust-consent-sdk"><div id="onetrust-banner-sdk" role="region" aria-label="Cookie banner"><p id="onetrust-policy-text">By choosing to accept you agree to the storing of small files on your device.</p><button>Accept all</button></div></div>',
    '<div class="cky-consent-container cky-hide" tabindex="0"><div class="cky-consent-bar"><p class="cky-title">We value your privacy</p><p>We count visits and show nothing to anybody else.</p></div></div>',
    '<div class="govuk-cookie-banner" data-nosnippet role="region" aria-label="Cookies on this site"><h2 class="govuk-cookie-banner__heading">Cookies on this site</h2><p>We use some essential cookies.</p><ul><li>Strengths of our cookies</li></ul></div>',
    '<div id="CybotCookiebotDialog" name="CybotCookiebotDialog" style="display:none"><h2>This website uses cookies</h2><p>Consent can be withdrawn at any time from the page on privacy that is linked below, where each of the files is listed with its purpose and the time that it is kept.</p></div>',
)
BEHIND = (
    '<div id="jp-relatedposts" class="jp-relatedposts"><h3 class="jp-relatedposts-headline"><em>Related</em></h3><div class="jp-relatedposts-post"><h4><a href="/a">Other services in the county</a></h4><p>Leaders there had made a start on what they were asked to mend.</p></div></div>',
    '<section class="related-content"><h2>Related reports</h2><ul><li><a href="/a">Services in the next county</a></li><li><a href="/b">Data annexe</a></li></ul></section>',
    '<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul><li><a href="#">Email</a></li><li><a href="#">Print</a></li></ul></div>',
    '<div class="cards"><article class="card"><h3><a href="/r/1">A visit to a hostel</a></h3><p>What was seen on three days in the spring, and what was asked for.</p></article></div>',
    '<div class="gem-c-feedback"><h2>Is this page useful?</h2><button>Yes</button><button>No</button><p>Tell us what went wrong with this page.</p></div>',
    '<nav class="navigation post-navigation" aria-label="Posts"><h2 class="screen-reader-text">Post navigation</h2><div class="nav-links"><a rel="prev">Previous report</a></div></nav>',
    '<p class="entry-meta">Posted in <a href="/c/1">Reports</a> Tagged <a href="/t/1">probation</a></p>',
    '<div class="widget"><h2 class="widget-title">Latest news</h2><ul><li><a href="/n/1">Staff wanted in the south</a> <span class="post-date">3 May</span></li></ul></div>',
    '<div class="nav-links"><div class="nav-previous"><a href="/p/1" rel="prev">Previous: Foreword</a></div><div class="nav-next"><a href="/p/3" rel="next">Next: Annexe</a></div></div>',
)
BETWEEN = (
    '<p><a href="#contents">Back to contents</a></p>',
    '<p class="back"><a href="#top">Back to top</a></p>',
    '<div class="wp-block-button"><a class="wp-block-button__link" href="/x.pdf">Download the data annexe</a></div>',
    '<hr class="wp-block-separator">',
    '<figure class="wp-block-image"><img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP" data-src="/i/1.png" class="lazyload" alt="A bar chart of the ages of people supervised by the unit"><noscript><img src="/i/1.png" alt="A bar chart of the ages of people supervised by the unit"></noscript></figure>',
    '<div class="spacer" aria-hidden="true" style="height:40px"></div>',
)
HEADS = {
    "wordpress": '<a class="skip-link screen-reader-text" href="#content">Skip to content</a><header id="masthead" class="site-header"><p class="site-title"><a href="/">HM Inspectorate</a></p><nav id="site-navigation"><ul id="primary-menu"><li><a href="/">Home</a></li><li><a href="/r">Reports</a><ul class="sub-menu"><li><a href="/s">Strengths</a></li></ul></li></ul></nav></header>',
    "blocks": '<header class="wp-block-template-part"><div class="wp-block-group"><p class="wp-block-site-title"><a href="/">HM Inspectorate</a></p><nav class="wp-block-navigation"><ul><li class="wp-block-navigation-item"><a href="/r">Reports</a></li></ul></nav></div></header>',
    "builder": '<div data-elementor-type="header" class="elementor elementor-location-header"><section><div class="elementor-widget-nav-menu"><nav><ul class="elementor-nav-menu"><li><a href="/">Home</a></li></ul></nav></div><div class="elementor-search-form"><form role="search"><input name="s"></form></div></section></div>',
    "govuk": '<a href="#main-content" class="govuk-skip-link">Skip to main content</a><header class="govuk-header" role="banner"><a href="/">HM Inspectorate</a></header><div class="govuk-width-container"><div class="govuk-phase-banner"><p class="govuk-phase-banner__content"><strong class="govuk-tag">Beta</strong> <span>This is a new service.</span></p></div><div class="govuk-breadcrumbs"><ol><li><a href="/">Home</a></li></ol></div></div>',
    "drupal": '<div class="region region-header"><div id="block-branding" class="block"><a href="/" rel="home">HM Inspectorate</a></div><nav role="navigation" id="block-main-menu"><h2 class="visually-hidden">Main navigation</h2><ul class="menu"><li><a href="/r">Reports</a></li></ul></nav></div><div class="region region-breadcrumb"><ol class="breadcrumb"><li><a href="/">Home</a></li></ol></div>',
    "bootstrap": '<nav class="navbar navbar-expand-lg"><a class="navbar-brand" href="/">HM Inspectorate</a><ul class="navbar-nav"><li class="nav-item"><a class="nav-link" href="/r">Reports</a></li></ul></nav><p id="breadcrumbs"><span><a href="/">Home</a> » <a href="/r">Reports</a> » <span class="breadcrumb_last">This report</span></span></p>',
}
FEET = (
    '<footer id="colophon" class="site-footer"><div class="widget-area"><section class="widget"><h2>About us</h2><p>We look at the work of probation.</p><ul><li><a href="/h">Help</a></li></ul></section></div><p>© Crown copyright</p></footer>',
    '<div class="elementor-location-footer"><div class="elementor-widget-container"><h4>Contact</h4><p>Write to us at any time.</p></div></div>',
    '<div class="region region-footer"><div class="block"><h2>Follow us</h2><ul><li><a href="#">News</a></li></ul></div></div>',
)


def draw_site_dress(rng: random.Random) -> Dress:
    """Choices that content systems make: no lists of table rows, no headings of `font`."""
    return replace(
        draw_dress(rng),
        headings=rng.choice(["levels", "levels", "skipped", "flat", "mixed", "anchors", "numbered spans"]),
        mark=rng.choice(["heading", "heading", "strong", "plain", "label", "breaks"]),
        lists=rng.choice(["ul", "ul", "ul p", "div ul", "icons", "paragraphs", "breaks"]),
        nested=rng.choice(["ul", "breaks", "dashes"]),
        panels="none",
        notes=rng.choice(["sup end", "brackets", "list"]),
        quotes=rng.choice(["blockquote", "class", "figure", "plain", "in item"]),
        table=rng.choice(["table", "thead", "figure", "divs", "th rows"]),
        case=rng.choice(["plain", "plain", "nbsp", "entities", "spans"]),
        tags="lower",
        encoding="utf-8",
    )  # fmt: skip


class SitePage(Page):
    """A page whose chapters are the panels of one of the content systems."""

    def __init__(self, content: Content, seed: int, *, lost: frozenset[str] = frozenset()):
        rng = random.Random(seed * 6101 + 17)
        self.system = rng.choice(SYSTEMS)
        self.folds = rng.choice([p for p in PANELS if p not in lost])
        self.tabs: list[tuple[int, str]] = []
        self.end = ""
        dress = draw_site_dress(rng)
        if dress.rating in lost:
            dress = replace(dress, rating="text")
        super().__init__(content, dress, draw_wording(rng), rng)

    def plain_list(self, items):  # type: ignore[no-untyped-def]
        if self.dress.lists != "icons":
            return super().plain_list(items)
        texts = [self.item_text(i) + self.nested(i) + self.inner_quotes(i) for i in items]
        return (
            '<ul class="elementor-icon-list-items">'
            + "".join(
                '<li class="elementor-icon-list-item"><span class="elementor-icon-list-icon"><svg aria-hidden="true" viewBox="0 0 5 5"><path d="M1 1"></path></svg></span>'
                f'<span class="elementor-icon-list-text">{t}</span></li>'
                for t in texts
            )
            + "</ul>"
        )

    def rows(self, rows, *, head=False):  # type: ignore[no-untyped-def]
        if self.dress.table != "figure":
            return super().rows(rows, head=head)
        made = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in r) + "</tr>" for r in rows)
        return f'<figure class="wp-block-table"><table><tbody>{made}</tbody></table><figcaption>Taken from our records</figcaption></figure>'

    def open_panel(self, node: Node) -> None:
        self.close_panel()
        if self.rng.random() < 0.2:
            self.out.append(self.rng.choice(BETWEEN))
        made, n = self.heading(node.level, node.text), len(self.out)
        text = self.t(node.text)
        opening, self.end = {
            "govuk": (
                f'<div class="govuk-accordion__section"><div class="govuk-accordion__section-header"><h2 class="govuk-accordion__section-heading"><button type="button" aria-controls="acc-{n}" class="govuk-accordion__section-button" aria-expanded="false" aria-label="Show this section"><span class="govuk-accordion__section-heading-text"><span>{text}</span></span><span class="govuk-visually-hidden govuk-accordion__section-heading-divider">, </span><span class="govuk-accordion__section-toggle" data-nosnippet><span><span class="govuk-accordion-nav__chevron"></span><span class="govuk-accordion__section-toggle-text">Show</span></span></span></button></h2></div><div id="acc-{n}" class="govuk-accordion__section-content" hidden="until-found">',
                "</div></div>",
            ),
            "jquery": (f'{made}<div class="acc-body" style="display: none;">', "</div>"),
            "aria": (
                f'<div id="panel-{n}" role="tabpanel" aria-labelledby="tab-{n}" aria-hidden="true" style="display:none">{made}',
                "</div>",
            ),
            "collapse": (
                f'<div class="card"><div class="card-header" id="h{n}"><h5 class="mb-0"><button class="btn btn-link collapsed" data-toggle="collapse" data-target="#c{n}" aria-expanded="false" aria-controls="c{n}">{text}</button></h5></div><div id="c{n}" class="collapse" aria-labelledby="h{n}"><div class="card-body">',
                "</div></div></div>",
            ),
            "builder": (
                f'<div class="elementor-accordion-item"><div id="e{n}" class="elementor-tab-title" data-tab="{n}" role="button" aria-controls="ec{n}" aria-expanded="false"><span class="elementor-accordion-icon" aria-hidden="true"><i class="fas fa-plus"></i></span><a class="elementor-accordion-title" tabindex="0">{text}</a></div><div id="ec{n}" class="elementor-tab-content elementor-clearfix" data-tab="{n}" role="region" aria-labelledby="e{n}" hidden="hidden">',
                "</div></div>",
            ),
            "details": (
                f'<details class="wp-block-details"><summary>{text}</summary>',
                "</details>",
            ),
            "more": (
                f'{made}<button class="read-more" data-target="m{n}">Read more</button><div class="more-text" id="m{n}" hidden>',
                "</div>",
            ),
        }.get(self.folds, (made, ""))
        if self.folds == "aria":
            self.tabs.append((n, text))
        self.out.append(opening)
        self.panel = 1

    def close_panel(self) -> None:
        if self.panel:
            self.out.append(self.end)
            self.panel = 0

    def shelled(self) -> str:
        """The whole page."""
        rng = self.rng
        title = f"An inspection of probation services in {self.content.wanted.unit} PDU"
        main = "\n".join([*self.front(title), *self.out, self.note_parts()])
        behind = "".join(rng.sample(BEHIND, rng.randrange(0, 4)))
        outside = "".join(rng.sample(BEHIND, rng.randrange(0, 3))) + rng.choice(FEET)
        consent = rng.choice(CONSENT) if rng.random() < 0.7 else ""
        linked = '<script type="application/ld+json">{"@type":"Article","headline":"x","articleBody":"Strengths: leaders did well in all things."}</script>'
        body = {
            "wordpress": f'<div id="page" class="site">{{head}}<div id="content" class="site-content"><div id="primary" class="content-area"><main id="main" class="site-main"><article id="post-9" class="post-9 document type-document hentry"><div class="entry-content">{main}</div>{behind}</article></main></div><aside id="secondary" class="widget-area"><section class="widget"><h2>Recent posts</h2><ul><li><a href="/1">Strengths</a></li></ul></section></aside></div>{outside}</div>',
            "blocks": f'<div class="wp-site-blocks">{{head}}<main class="wp-block-group"><div class="entry-content wp-block-post-content is-layout-flow">{main}</div>{behind}</main>{outside}</div>',
            "builder": f'{{head}}<div data-elementor-type="wp-post" class="elementor elementor-77"><section class="elementor-section"><div class="elementor-container"><div class="elementor-column"><div class="elementor-widget-wrap"><div class="elementor-widget elementor-widget-text-editor"><div class="elementor-widget-container">{main}</div></div></div></div></div></section>{behind}</div>{outside}',
            "govuk": f'{{head}}<div class="govuk-width-container"><main class="govuk-main-wrapper" id="main-content" role="main"><div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds"><div class="gem-c-govspeak govuk-govspeak"><div class="govspeak">{main}</div></div></div><div class="govuk-grid-column-one-third">{behind}</div></div></main></div>{outside}',
            "drupal": f'<div class="dialog-off-canvas-main-canvas"><div class="layout-container">{{head}}<div role="main" class="main-container"><div class="region region-content"><article class="node node--type-report"><div class="node__content"><div class="field field--name-body field__item">{main}</div></div></article>{behind}</div></div>{outside}</div></div>',
            "bootstrap": f'{{head}}<div class="container"><div class="row"><div class="col-md-9">{main}</div><div class="col-md-3">{behind}</div></div></div>{outside}',
        }[self.system].replace("{head}", HEADS[self.system])
        first = rng.random() < 0.5
        style = "<style>.collapse:not(.show){display:none}.screen-reader-text{position:absolute;left:-9999px}</style>"
        return (
            f'<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{title} - HM Inspectorate</title>{style}{linked}</head>'
            f'<body class="{self.system}">{consent if first else ""}{body}{"" if first else consent}</body></html>'
        )

    def front(self, title: str) -> list[str]:
        """What stands above the report: links to files, a table of contents, the tabs."""
        parts = []
        if self.rng.random() < 0.3:
            parts.append(
                '<div class="download"><h2>Documents</h2><ul><li><a href="/x.pdf">Full report (PDF, 1.2 MB)</a></li></ul></div>'
            )
        links = [(f"#s{i}", self.t(c)) for i, c in enumerate(chapters(self.nodes))]
        if self.wording.contents:
            style = self.rng.choice(["toc", "ez", "gem"])
            if style == "toc":
                items = "".join(
                    f'<li><a href="{h}"><span class="toc_number">{n}</span> {t}</a></li>'
                    for n, (h, t) in enumerate(links, 1)
                )
                parts.append(
                    f'<div id="toc_container" class="no_bullets"><p class="toc_title">Contents</p><ul class="toc_list">{items}</ul></div>'
                )
            elif style == "ez":
                items = "".join(
                    f'<li><a class="ez-toc-link" href="{h}">{t}</a></li>' for h, t in links
                )
                parts.append(
                    f'<div id="ez-toc-container" class="ez-toc-v2"><div class="ez-toc-title-container"><p class="ez-toc-title">Table of contents</p></div><nav><ul class="ez-toc-list">{items}</ul></nav></div>'
                )
            else:
                items = "".join(
                    f'<li class="gem-c-contents-list__list-item"><a href="{h}">{t}</a></li>'
                    for h, t in links
                )
                parts.append(
                    f'<nav class="gem-c-contents-list" role="navigation"><h2>Contents</h2><ol>{items}</ol></nav>'
                )
        if self.tabs:
            items = "".join(
                f'<li role="presentation"><a role="tab" id="tab-{n}" href="#panel-{n}">{t}</a></li>'
                for n, t in self.tabs
            )
            parts.append(f'<ul class="nav nav-tabs" role="tablist">{items}</ul>')
        return parts
