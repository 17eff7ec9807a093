"""How else one name is written: what friends call somebody, and how a name crosses alphabets and keyboards."""

from __future__ import annotations

from collections.abc import Mapping

_NICKNAMES = """
José: Pepe, Jose, Pepín | Francisco: Paco, Fran, Curro, Kiko, Pancho | Ignacio: Nacho, Iñaki | Manuel: Manolo, Manu
Antonio: Toño, Toni | Jesús: Chus, Chuy | Rafael: Rafa | Enrique: Quique, Kike | Guillermo: Guille, Memo
Eduardo: Edu, Lalo | Alejandro: Álex, Jandro | Javier: Javi | Santiago: Santi | Fernando: Fer, Nando | Miguel: Migue
Roberto: Beto, Rober | Alberto: Beto, Tito | Ricardo: Ricky | Gonzalo: Gonza | Joaquín: Ximo, Quino | Luis: Lucho
Ramón: Moncho | Vicente: Chente | Daniel: Dani | Gabriel: Gabi | Nicolás: Nico | Sebastián: Sebas | Andrés: Andy
María: Mari | Dolores: Lola, Loli | Concepción: Concha, Conchi | Pilar: Pili | Mercedes: Merche | Teresa: Tere, Maite
Isabel: Isa, Chabela | Rosario: Charo | Consuelo: Chelo | Guadalupe: Lupe, Lupita | Inmaculada: Inma
Francisca: Paqui, Paquita | Josefa: Pepa | Encarnación: Encarna | Cristina: Cris | Beatriz: Bea | Patricia: Patri, Paty
Alejandra: Ale | Gabriela: Gaby | Victoria: Vicky | Margarita: Marga | Montserrat: Montse | Verónica: Vero
Carolina: Caro | Soledad: Sole | Milagros: Mila | Daniela: Dani | Mariana: Marian | Susana: Susi
Francesc: Cesc, Xesc | Josep: Pep | Jaume: Met | Meritxell: Txell
Xabier: Xabi | Joseba: Josu | Arantxa: Arantza | Begoña: Bego
António: Tó, Toninho | João: Joãozinho | Luís: Lulu | Beatriz: Bia | Eduarda: Duda | Gabriela: Gabi | Conceição: São
Fernanda: Nanda | Rafael: Rafa | Rodrigo: Digo | Eduardo: Dudu, Du
William: Bill, Will, Billy | Robert: Bob, Rob, Bobby | Richard: Dick, Rick, Rich | Elizabeth: Liz, Beth, Betty, Lizzie
Michael: Mike, Mick | James: Jim, Jamie, Jimmy | John: Jack, Johnny | Thomas: Tom, Tommy | Joseph: Joe
Christopher: Chris | Matthew: Matt | Andrew: Andy, Drew | Steven: Steve | Stephen: Steve | Anthony: Tony
Edward: Ed, Ted, Ned | Peter: Pete | Jonathan: Jon | Timothy: Tim | Benjamin: Ben | Nicholas: Nick | Samuel: Sam
Alexander: Alex, Sandy | Gregory: Greg | Patrick: Pat | Charles: Charlie, Chuck | Kenneth: Ken | Jeffrey: Jeff
Lawrence: Larry | Henry: Harry, Hank | Douglas: Doug | Philip: Phil | David: Dave | Daniel: Dan, Danny
Jennifer: Jen, Jenny | Patricia: Pat, Trish | Katherine: Kate, Kathy, Katie | Catherine: Cathy, Kate | Susan: Sue
Margaret: Maggie, Peggy, Meg | Rebecca: Becky | Jessica: Jess | Amanda: Mandy | Stephanie: Steph | Samantha: Sam
Deborah: Debbie, Deb | Christine: Chris, Tina | Barbara: Barb | Kimberly: Kim | Theresa: Terry, Tess | Judith: Judy
Pamela: Pam | Victoria: Vicky | Abigail: Abby | Eleanor: Nell, Ellie | Alexandra: Alex, Sandra | Michelle: Shelly
Katharina: Kathi, Käthe | Johannes: Hannes, Hans | Maximilian: Max | Matthias: Matze | Wolfgang: Wolf | Stefan: Steff
Elisabeth: Lisa, Sissi | Susanne: Susi | Sebastian: Basti | Friederike: Rike | Franziska: Franzi
Alexandre: Alex | Frédéric: Fred | Nicolas: Nico | Guillaume: Gui | Maxime: Max | Stéphanie: Steph | Catherine: Cathy
"""
_SPELLINGS = """
Mohamed: Mohammed, Muhammad, Mohamad, Mehmed, محمد | Ahmed: Ahmad, Achmed, أحمد | Youssef: Yusuf, Yousef, Yussef, يوسف
Hassan: Hasan, حسن | Omar: Umar, عمر | Mustafa: Mostafa, Mustapha, مصطفى | Abdelkader: Abdulkader, Abd El Kader
Khalid: Khaled, خالد | Ibrahim: Brahim, إبراهيم | Abdullah: Abdallah, Abdulah, عبد الله | Rachid: Rashid, Rasheed
Said: Saeed, Saïd | Tarik: Tariq, Tarek | Jamal: Djamel, Gamal | Fatima: Fatma, Fatimah, فاطمة | Aisha: Aicha, Ayesha
Khadija: Khadijah, خديجة | Amina: Aminah, Emina | Mariam: Maryam, Meryem, مريم | Yasmin: Yasmine, Jasmin
Leila: Layla, Leyla, ليلى | Zineb: Zainab, Zaynab | Karima: Kareema | Hanane: Hanan | Ismail: Ismael, Ismaïl
Alaoui: Alawi, El Alaoui | Haddad: Hadad, حداد | Mansouri: Mansoury, El Mansouri | Hussein: Hussain, Husayn, حسين
Saleh: Salah, صالح | Qasim: Kassem, Kasem | Khoury: Khouri, خوري | Najjar: Najar, نجار | Nasser: Nasr, ناصر
Wei: 伟 | Jing: 静 | Li: 李, Lee | Wang: 王, Wong | Zhang: 张, Chang, Cheung | Liu: 刘, Lau | Chen: 陈, Chan | Yang: 杨, Yeung
Huang: 黄, Wong | Zhao: 赵, Chao | Wu: 吴, Ng | Zhou: 周, Chow | Xu: 徐, Hsu | Sun: 孙 | Zhu: 朱, Chu | Lin: 林, Lam
Xiaoming: 小明, Xiao Ming, Hsiao-Ming | Xiaoyan: 小燕, Xiao Yan | Jianguo: 建国, Jian Guo | Xiaolong: 小龙, Xiao Long
Haoran: 浩然, Hao Ran | Yuting: 雨婷, Yu Ting | Zihao: 子豪, Zi Hao | Xinyi: 欣怡, Xin Yi | Junjie: 俊杰, Jun Jie
Tingting: 婷婷, Ting Ting | Guoqiang: 国强, Guo Qiang | Jiayi: 佳怡, Jia Yi | Zhiwei: 志伟, Zhi Wei
Müller: Mueller, Muller | Schäfer: Schaefer, Schafer | Schröder: Schroeder | Köhler: Koehler | Möller: Moeller
Krüger: Krueger | Günther: Guenther, Gunther | Weiß: Weiss | Böhm: Boehm | Jürgen: Juergen | Jörg: Joerg | Björn: Bjoern
Schmidt: Schmitt, Schmid | Meyer: Meier, Mayer | Maier: Mayer, Meier | Hoffmann: Hofmann
Etxeberria: Echeverría, Echevarria, Etxebarria | Agirre: Aguirre | Goikoetxea: Goicoechea | Otxoa: Ochoa | Arregi: Arregui
Bengoetxea: Bengoechea | Mendizabal: Mendizábal | Olabarria: Olavarría | Aldekoa: Aldecoa
Xabier: Javier, Xavier | Mikel: Miguel | Jon: Juan | Iñaki: Ignacio | Gorka: Jorge | Miren: María | Andoni: Antonio
Jordi: Jorge | Josep: José | Joan: Juan | Xavier: Javier | Carles: Carlos | Lluís: Luis | Pere: Pedro | Miquel: Miguel
Núria: Nuria | Montserrat: Monserrat | Carme: Carmen | Enric: Enrique | Jaume: Jaime | Antoni: Antonio | Àngels: Ángeles
Jiménez: Giménez, Ximénez | Vázquez: Vásquez | Álvarez: Alvares | González: Gonzales | Rodríguez: Rodrigues
Hernández: Fernández | Ibáñez: Ybáñez | Espinoza: Espinosa | Chávez: Chaves | Méndez: Mendes | Cortés: Cortez
Jhon: John | Ximena: Jimena | Esther: Ester | Teresa: Theresa | Sofía: Sophia | Sousa: Souza | Luís: Luiz
Stephen: Stephan | Catherine: Katherine, Kathryn | Sarah: Sara | Anne: Ann | Eric: Erik | Jonathan: Johnathan
O'Brien: OBrien, O Brien | O'Connor: OConnor, O’Connor | McDonald: MacDonald, Mc Donald | MacLeod: McLeod
"""


def _table(text: str) -> Mapping[str, tuple[str, ...]]:
    """`Name: form, form | Name: form`; what is said of a name twice adds up."""
    forms: dict[str, tuple[str, ...]] = {}
    for entry in text.replace("\n", " | ").split(" | "):
        name, _, others = entry.partition(": ")
        if others:
            forms[name] = (*forms.get(name, ()), *others.split(", "))
    return forms


NICKNAMES = _table(_NICKNAMES)
SPELLINGS = _table(_SPELLINGS)
