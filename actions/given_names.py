"""Given names that are common in Algeria, as people type them: enough to notice, not all there are.

Spelt without capitals, in Latin and in Arabic letters.
"""

from __future__ import annotations

_LATIN = """
abbas abdallah abdelaziz abdelghani abdelhak abdelkader abdelkrim abdellah abdelmalek abdenour
abderrahmane abderrezak abdou abdelhamid adam adel adlane ahmed aicha aïcha ali aladin amar amel
amina amine amira anes anis aya aymen ayoub aziz azzedine bachir badis bilal billel boualem brahim
chahinez chahrazed chaima cherif chérif dalila djamel djamila djilali fadila farid farida farouk
fares fateh fatiha fatima fatma faycal fayçal fella ferhat fethi fouad ghania ghizlane hacene
hadjer hafida hakim halim halima hamid hamida hamza hana hanane hanene hani haroun hassan hassane
hassiba hayat hichem hocine houari houcine houda houssam houssem ibrahim ibtissem idir ikram ilham
ilyes imad imane imene islam ismail jamel kader kahina kamel kamelia karim karima katia kenza
khadidja khaled khalida kheira kheireddine lakhdar lamia lamine larbi latifa leila lila lilia lina
linda lotfi lounes louisa lyes lynda maamar madjid mahdi mahfoud mahmoud malek malika manel
mansour maria mariem maroua marwa massinissa mehdi meriem messaoud mohamed mohammed moh mokhtar
mouloud mounia mounir mourad moussa mustapha nabil nabila nacer nacera nadia nadir nadjet nadji
nafissa naima nassim nassima nawel nazim nesrine nihad nora norah noureddine oussama rabah rabia
racha rachid rachida radia rafik raouf ramy ramzi rania rayan redha reda riad rima rym ryma
sabrina said saïd salah salim salima salma samia samir samira samy sara sarah selma sid siham
slimane smail sofia sofiane souad soumia taha tahar takfarinas tarek tarik wafa wahiba wail walid
warda wassila wassim yacine yasmine yasser yassine yazid younes youcef youssef yousra zahia zahra
zakaria zaki zineb zinedine zohra zoubir
"""
_ARABIC = """
أحمد احمد محمد محمود مصطفى علي عمر عثمان يوسف إبراهيم ابراهيم إسماعيل اسماعيل موسى عيسى هارون
سليمان يونس أيوب ايوب زكريا يحيى ياسين إلياس الياس إسحاق عبد عبدالله عبدالقادر عبدالرحمن عبدالكريم
كريم رشيد سعيد نبيل جمال كمال فريد حميد رضا خالد وليد طارق ياسر أسامة اسامة بلال حمزة أنيس انيس
أمين امين مهدي هشام حسين حسان حسن نسيم نذير رابح العربي لخضر مختار مولود مراد منير مسعود صالح
الطاهر بشير باديس ماسينيسا إيدير فاروق فؤاد لطفي رفيق رؤوف رمزي سفيان سمير سليم شريف فاطمة خديجة
عائشة مريم زينب آمنة أمينة امينة كريمة رشيدة سعيدة نبيلة جميلة فريدة نادية سامية سميرة سارة ليلى
لينا مليكة نعيمة نسيمة نسرين نورة هدى حنان حياة إيمان ايمان إكرام اكرام أميرة اميرة أمال آمال أمل
رانيا ريم سعاد سمية شيماء صبرينة فتيحة كاهنة كنزة لامية نوال هاجر وردة وفاء وسيلة ياسمين يسرى زهرة
"""

GIVEN_NAMES = frozenset((*_LATIN.split(), *_ARABIC.split()))
