"""The invented county 澜县: about 330 enterprises of every trade on land that was drawn before.

``plan.plan_of(day)`` makes all of it from the pack ``demo/lan`` and its fixed seed, without a clock or a database, the
same on every machine: ``enterprises`` chooses sites and names, ``insides`` lays out areas and risk points, ``risks``
assesses them, ``sources`` lists gateways and tags, ``people`` and ``papers`` who works there and with which papers.
``build`` writes a plan through the product's own actions, ``basemap`` copies the drawn map to where pages look for it.

Who feeds live data asks ``plan_of(day).sources``: each :class:`model.SourcePlan` has its tags with unit, limits and the
band in which they run normally.
"""
