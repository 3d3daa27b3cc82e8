"""What an accident would do: from a stored substance, the way it gets out and the weather to zones on the ground.

``inputs`` says what is asked, ``source`` how the substance comes out, ``cloud`` where the vapour drifts, ``toxic``,
``fire`` and ``blast`` what it does there, ``simulate`` puts them together. All lengths are metres in the wind's frame
(x down the wind, y to its left, the source at the origin); ``ground`` lays the frame on the map.
"""
