"""What the web process spends on one request, judged before Django sees it. ASGI, and no Django in here.

`bodies` says how large a body may be and how long it may take, `lanes` how many requests are worked on at once and who
waits, `sign_ins` how often one address may fail to sign in, `compression` makes pages smaller on their way. How
connections are held is `overt.up.connections`.
"""
